-- AlterTable
ALTER TABLE "run" ADD COLUMN     "after_id" UUID;

-- CreateIndex
CREATE INDEX "run_after_id_idx" ON "run"("after_id");

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_after_id_fkey" FOREIGN KEY ("after_id") REFERENCES "run"("id") ON DELETE SET NULL ON UPDATE CASCADE;
