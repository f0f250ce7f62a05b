-- CreateEnum
CREATE TYPE "RunState" AS ENUM ('queued', 'running', 'paused', 'done', 'failed', 'cancelled');

-- CreateEnum
CREATE TYPE "ItemState" AS ENUM ('pending', 'done', 'failed');

-- CreateTable
CREATE TABLE "study" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL DEFAULT 'user',
    "note" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "study_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "problem_set" (
    "id" UUID NOT NULL,
    "study_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "source" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "problem_set_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "problem" (
    "id" UUID NOT NULL,
    "study_id" UUID NOT NULL,
    "problem_set_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "statement" TEXT NOT NULL,
    "answer" TEXT NOT NULL,
    "reference" TEXT NOT NULL DEFAULT '',
    "reference_source" TEXT NOT NULL DEFAULT '',
    "difficulty" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "problem_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "model" (
    "id" UUID NOT NULL,
    "study_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "served_name" TEXT NOT NULL DEFAULT '',
    "parent_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "model_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "pipeline" (
    "id" UUID NOT NULL,
    "study_id" UUID NOT NULL,
    "recipe" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "pipeline_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run" (
    "id" UUID NOT NULL,
    "study_id" UUID NOT NULL,
    "pipeline_id" UUID,
    "stage" TEXT NOT NULL,
    "ordinal" INTEGER NOT NULL DEFAULT 0,
    "state" "RunState" NOT NULL DEFAULT 'queued',
    "settings" JSONB NOT NULL,
    "model_id" UUID,
    "total" INTEGER NOT NULL DEFAULT 0,
    "done" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "message" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "work_item" (
    "id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "arm" TEXT NOT NULL DEFAULT '',
    "target_id" UUID NOT NULL,
    "units" INTEGER NOT NULL,
    "made" INTEGER NOT NULL DEFAULT 0,
    "state" "ItemState" NOT NULL DEFAULT 'pending',
    "error" TEXT NOT NULL DEFAULT '',
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "work_item_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attempt" (
    "id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "problem_id" UUID NOT NULL,
    "model_id" UUID,
    "sample_index" INTEGER NOT NULL,
    "seed" INTEGER NOT NULL DEFAULT 0,
    "text" TEXT NOT NULL,
    "finish_reason" TEXT NOT NULL,
    "tokens" INTEGER NOT NULL,
    "steps" INTEGER NOT NULL,
    "reward" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "attempt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "grade" (
    "id" UUID NOT NULL,
    "attempt_id" UUID,
    "continuation_id" UUID,
    "grader_version" TEXT NOT NULL,
    "reward" INTEGER NOT NULL,
    "extracted" TEXT,
    "reason" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "grade_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "label" (
    "id" UUID NOT NULL,
    "attempt_id" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "first_error" INTEGER,

    CONSTRAINT "label_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "verification" (
    "id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "attempt_id" UUID NOT NULL,
    "sample_index" INTEGER NOT NULL,
    "seed" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "verdicts" JSONB NOT NULL,
    "first_error" INTEGER,
    "outcome" TEXT NOT NULL,
    "parse_note" TEXT NOT NULL DEFAULT '',
    "finish_reason" TEXT NOT NULL,
    "tokens" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "verification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "proposal" (
    "id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "attempt_id" UUID NOT NULL,
    "verification_id" UUID,
    "sample_index" INTEGER NOT NULL,
    "author" TEXT NOT NULL DEFAULT 'model',
    "content" TEXT NOT NULL,
    "location" INTEGER NOT NULL,
    "leak_equivalent" BOOLEAN NOT NULL,
    "leak_substring" BOOLEAN NOT NULL,
    "chosen" BOOLEAN NOT NULL DEFAULT false,
    "kept" BOOLEAN,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "proposal_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "continuation" (
    "id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "problem_id" UUID NOT NULL,
    "attempt_id" UUID,
    "proposal_id" UUID,
    "arm" TEXT NOT NULL,
    "target_id" UUID NOT NULL,
    "sample_index" INTEGER NOT NULL,
    "seed" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "finish_reason" TEXT NOT NULL,
    "tokens" INTEGER NOT NULL,
    "outcome" TEXT NOT NULL,
    "reward" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "continuation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "worker" (
    "id" UUID NOT NULL,
    "host" TEXT NOT NULL,
    "pid" INTEGER NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "waits_for" TEXT NOT NULL DEFAULT '',
    "in_flight" INTEGER NOT NULL DEFAULT 0,
    "limit" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "worker_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "study_name_key" ON "study"("name");

-- CreateIndex
CREATE UNIQUE INDEX "problem_set_study_id_name_key" ON "problem_set"("study_id", "name");

-- CreateIndex
CREATE INDEX "problem_study_id_id_idx" ON "problem"("study_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "problem_problem_set_id_key_key" ON "problem"("problem_set_id", "key");

-- CreateIndex
CREATE UNIQUE INDEX "model_study_id_name_key" ON "model"("study_id", "name");

-- CreateIndex
CREATE INDEX "run_study_id_created_at_idx" ON "run"("study_id", "created_at");

-- CreateIndex
CREATE INDEX "run_pipeline_id_ordinal_idx" ON "run"("pipeline_id", "ordinal");

-- CreateIndex
CREATE INDEX "work_item_run_id_state_updated_at_idx" ON "work_item"("run_id", "state", "updated_at");

-- CreateIndex
CREATE UNIQUE INDEX "work_item_run_id_arm_target_id_key" ON "work_item"("run_id", "arm", "target_id");

-- CreateIndex
CREATE INDEX "attempt_problem_id_idx" ON "attempt"("problem_id");

-- CreateIndex
CREATE INDEX "attempt_run_id_reward_id_idx" ON "attempt"("run_id", "reward", "id");

-- CreateIndex
CREATE UNIQUE INDEX "attempt_run_id_problem_id_sample_index_key" ON "attempt"("run_id", "problem_id", "sample_index");

-- CreateIndex
CREATE UNIQUE INDEX "grade_attempt_id_grader_version_key" ON "grade"("attempt_id", "grader_version");

-- CreateIndex
CREATE UNIQUE INDEX "grade_continuation_id_grader_version_key" ON "grade"("continuation_id", "grader_version");

-- CreateIndex
CREATE UNIQUE INDEX "label_attempt_id_source_key" ON "label"("attempt_id", "source");

-- CreateIndex
CREATE INDEX "verification_run_id_outcome_idx" ON "verification"("run_id", "outcome");

-- CreateIndex
CREATE INDEX "verification_attempt_id_idx" ON "verification"("attempt_id");

-- CreateIndex
CREATE UNIQUE INDEX "verification_run_id_attempt_id_sample_index_key" ON "verification"("run_id", "attempt_id", "sample_index");

-- CreateIndex
CREATE INDEX "proposal_attempt_id_idx" ON "proposal"("attempt_id");

-- CreateIndex
CREATE INDEX "proposal_run_id_chosen_kept_idx" ON "proposal"("run_id", "chosen", "kept");

-- CreateIndex
CREATE UNIQUE INDEX "proposal_run_id_attempt_id_sample_index_key" ON "proposal"("run_id", "attempt_id", "sample_index");

-- CreateIndex
CREATE INDEX "continuation_run_id_arm_problem_id_reward_idx" ON "continuation"("run_id", "arm", "problem_id", "reward");

-- CreateIndex
CREATE INDEX "continuation_attempt_id_arm_idx" ON "continuation"("attempt_id", "arm");

-- CreateIndex
CREATE INDEX "continuation_proposal_id_idx" ON "continuation"("proposal_id");

-- CreateIndex
CREATE UNIQUE INDEX "continuation_run_id_arm_target_id_sample_index_key" ON "continuation"("run_id", "arm", "target_id", "sample_index");

-- AddForeignKey
ALTER TABLE "problem_set" ADD CONSTRAINT "problem_set_study_id_fkey" FOREIGN KEY ("study_id") REFERENCES "study"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "problem" ADD CONSTRAINT "problem_study_id_fkey" FOREIGN KEY ("study_id") REFERENCES "study"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "problem" ADD CONSTRAINT "problem_problem_set_id_fkey" FOREIGN KEY ("problem_set_id") REFERENCES "problem_set"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model" ADD CONSTRAINT "model_study_id_fkey" FOREIGN KEY ("study_id") REFERENCES "study"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model" ADD CONSTRAINT "model_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "model"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pipeline" ADD CONSTRAINT "pipeline_study_id_fkey" FOREIGN KEY ("study_id") REFERENCES "study"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_study_id_fkey" FOREIGN KEY ("study_id") REFERENCES "study"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_pipeline_id_fkey" FOREIGN KEY ("pipeline_id") REFERENCES "pipeline"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "work_item" ADD CONSTRAINT "work_item_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_problem_id_fkey" FOREIGN KEY ("problem_id") REFERENCES "problem"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "model"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grade" ADD CONSTRAINT "grade_attempt_id_fkey" FOREIGN KEY ("attempt_id") REFERENCES "attempt"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grade" ADD CONSTRAINT "grade_continuation_id_fkey" FOREIGN KEY ("continuation_id") REFERENCES "continuation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "label" ADD CONSTRAINT "label_attempt_id_fkey" FOREIGN KEY ("attempt_id") REFERENCES "attempt"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "verification" ADD CONSTRAINT "verification_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "verification" ADD CONSTRAINT "verification_attempt_id_fkey" FOREIGN KEY ("attempt_id") REFERENCES "attempt"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "proposal" ADD CONSTRAINT "proposal_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "proposal" ADD CONSTRAINT "proposal_attempt_id_fkey" FOREIGN KEY ("attempt_id") REFERENCES "attempt"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "proposal" ADD CONSTRAINT "proposal_verification_id_fkey" FOREIGN KEY ("verification_id") REFERENCES "verification"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "continuation" ADD CONSTRAINT "continuation_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "continuation" ADD CONSTRAINT "continuation_problem_id_fkey" FOREIGN KEY ("problem_id") REFERENCES "problem"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "continuation" ADD CONSTRAINT "continuation_attempt_id_fkey" FOREIGN KEY ("attempt_id") REFERENCES "attempt"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "continuation" ADD CONSTRAINT "continuation_proposal_id_fkey" FOREIGN KEY ("proposal_id") REFERENCES "proposal"("id") ON DELETE CASCADE ON UPDATE CASCADE;
