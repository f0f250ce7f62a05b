-- AlterTable
ALTER TABLE "run" ADD COLUMN     "waits" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "training" (
    "id" UUID NOT NULL,
    "study_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "base_id" UUID,
    "model_id" UUID,
    "dataset_id" UUID,
    "problem_set_id" UUID,
    "trainer" TEXT NOT NULL,
    "launcher" TEXT NOT NULL,
    "handle" JSONB,
    "spec" JSONB,
    "step" INTEGER NOT NULL DEFAULT 0,
    "steps" INTEGER NOT NULL DEFAULT 0,
    "note" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "training_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "training_point" (
    "training_id" UUID NOT NULL,
    "step" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "values" JSONB NOT NULL,

    CONSTRAINT "training_point_pkey" PRIMARY KEY ("training_id","step")
);

-- CreateIndex
CREATE UNIQUE INDEX "training_run_id_key" ON "training"("run_id");

-- CreateIndex
CREATE UNIQUE INDEX "training_model_id_key" ON "training"("model_id");

-- CreateIndex
CREATE INDEX "training_study_id_created_at_idx" ON "training"("study_id", "created_at");

-- AddForeignKey
ALTER TABLE "training" ADD CONSTRAINT "training_study_id_fkey" FOREIGN KEY ("study_id") REFERENCES "study"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "training" ADD CONSTRAINT "training_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "training" ADD CONSTRAINT "training_base_id_fkey" FOREIGN KEY ("base_id") REFERENCES "model"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "training" ADD CONSTRAINT "training_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "model"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "training" ADD CONSTRAINT "training_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "training" ADD CONSTRAINT "training_problem_set_id_fkey" FOREIGN KEY ("problem_set_id") REFERENCES "problem_set"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "training_point" ADD CONSTRAINT "training_point_training_id_fkey" FOREIGN KEY ("training_id") REFERENCES "training"("id") ON DELETE CASCADE ON UPDATE CASCADE;
