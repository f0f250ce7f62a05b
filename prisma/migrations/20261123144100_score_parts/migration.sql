-- CreateTable
CREATE TABLE "score_part" (
    "score_id" UUID NOT NULL,
    "part" TEXT NOT NULL,
    "tokens" INTEGER NOT NULL,
    "nll" DOUBLE PRECISION NOT NULL,
    "bins" INTEGER[],

    CONSTRAINT "score_part_pkey" PRIMARY KEY ("score_id","part")
);

-- AddForeignKey
ALTER TABLE "score_part" ADD CONSTRAINT "score_part_score_id_fkey" FOREIGN KEY ("score_id") REFERENCES "score"("id") ON DELETE CASCADE ON UPDATE CASCADE;
