-- CreateEnum
CREATE TYPE "DatasetState" AS ENUM ('building', 'ready', 'failed');

-- AlterTable
ALTER TABLE "proposal" ADD COLUMN     "decision_id" UUID,
ADD COLUMN     "settlement_id" UUID;

-- AlterTable
ALTER TABLE "run" ADD COLUMN     "result" JSONB;

-- AlterTable
ALTER TABLE "work_item" ADD COLUMN     "checkpoint" JSONB;

-- CreateTable
CREATE TABLE "person" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "keys" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "person_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "branch" (
    "id" UUID NOT NULL,
    "study_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "attempt_id" UUID NOT NULL,
    "person_id" UUID,
    "purpose" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "step" INTEGER NOT NULL,
    "content" TEXT NOT NULL DEFAULT '',
    "samples" INTEGER NOT NULL,
    "seed" INTEGER NOT NULL,
    "sampling" JSONB NOT NULL,
    "hidden" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "branch_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "branch_sample" (
    "id" UUID NOT NULL,
    "branch_id" UUID NOT NULL,
    "sample_index" INTEGER NOT NULL,
    "seed" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "finish_reason" TEXT NOT NULL,
    "tokens" INTEGER NOT NULL,
    "outcome" TEXT NOT NULL,
    "reward" INTEGER NOT NULL,
    "extracted" TEXT,
    "reason" TEXT NOT NULL,
    "grader_version" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "branch_sample_pkey" PRIMARY KEY ("id")
);

-- CreateTable: unlogged, since it holds only what is being sampled just now; a crash empties it, and sampling begins anew.
CREATE UNLOGGED TABLE "branch_stream" (
    "branch_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "pieces" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "branch_stream_pkey" PRIMARY KEY ("branch_id", "seq")
);

-- CreateTable
CREATE TABLE "score" (
    "id" UUID NOT NULL,
    "study_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "model_id" UUID NOT NULL,
    "subject" TEXT NOT NULL,
    "subject_id" UUID,
    "attempt_id" UUID,
    "problem_id" UUID,
    "step" INTEGER NOT NULL DEFAULT 0,
    "text" TEXT NOT NULL DEFAULT '',
    "token_ids" INTEGER[],
    "tokens" TEXT[],
    "logprobs" REAL[],
    "token_count" INTEGER NOT NULL DEFAULT 0,
    "mean_nll" DOUBLE PRECISION,
    "overlap" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "score_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reflection" (
    "id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "attempt_id" UUID NOT NULL,
    "sample_index" INTEGER NOT NULL,
    "seed" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "finish_reason" TEXT NOT NULL,
    "tokens" INTEGER NOT NULL,
    "reward" INTEGER NOT NULL,
    "extracted" TEXT,
    "reason" TEXT NOT NULL,
    "grader_version" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "reflection_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dataset" (
    "id" UUID NOT NULL,
    "study_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "settings" JSONB NOT NULL,
    "model_id" UUID,
    "run_id" UUID,
    "state" "DatasetState" NOT NULL DEFAULT 'building',
    "rows" INTEGER NOT NULL DEFAULT 0,
    "manifest" JSONB,
    "digest" TEXT NOT NULL DEFAULT '',
    "message" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "dataset_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dataset_row" (
    "id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "problem_id" UUID NOT NULL,
    "attempt_id" UUID,
    "proposal_id" UUID,
    "decision_id" UUID,
    "reflection_id" UUID,
    "prompt" TEXT NOT NULL,
    "completion" TEXT NOT NULL,
    "ends" BOOLEAN NOT NULL,
    "tokens" INTEGER NOT NULL DEFAULT 0,
    "meta" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "dataset_row_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "queue" (
    "id" UUID NOT NULL,
    "study_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "instructions" TEXT NOT NULL DEFAULT '',
    "schema" JSONB NOT NULL,
    "judges" INTEGER NOT NULL DEFAULT 1,
    "blind" BOOLEAN NOT NULL DEFAULT true,
    "hide_proposal" BOOLEAN NOT NULL DEFAULT false,
    "hide_outcomes" BOOLEAN NOT NULL DEFAULT true,
    "lease_seconds" INTEGER NOT NULL DEFAULT 300,
    "filter" JSONB NOT NULL,
    "created_by" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "queue_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "queue_item" (
    "id" UUID NOT NULL,
    "queue_id" UUID NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "attempt_id" UUID NOT NULL,
    "proposal_id" UUID,
    "gold" JSONB,
    "decided" INTEGER NOT NULL DEFAULT 0,
    "state" TEXT NOT NULL DEFAULT 'open',
    "completed_at" TIMESTAMPTZ(3),
    "agreed_id" UUID,

    CONSTRAINT "queue_item_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "lease" (
    "id" UUID NOT NULL,
    "item_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "lease_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "decision" (
    "id" UUID NOT NULL,
    "item_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "action" TEXT NOT NULL,
    "reason" TEXT NOT NULL DEFAULT '',
    "error_type" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "first_error" INTEGER,
    "content" TEXT,
    "location" INTEGER,
    "undoes_id" UUID,
    "shown" JSONB NOT NULL,
    "seconds" DOUBLE PRECISION NOT NULL,
    "sampled" BOOLEAN NOT NULL DEFAULT false,
    "client_key" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "decision_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "vote" (
    "item_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "decision_id" UUID NOT NULL,

    CONSTRAINT "vote_pkey" PRIMARY KEY ("item_id","person_id")
);

-- CreateTable
CREATE TABLE "draft" (
    "item_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "body" JSONB,
    "version" INTEGER NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "draft_pkey" PRIMARY KEY ("item_id","person_id")
);

-- CreateTable
CREATE TABLE "settlement" (
    "id" UUID NOT NULL,
    "item_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "replaces_id" UUID,
    "decision_id" UUID,
    "action" TEXT NOT NULL,
    "reason" TEXT NOT NULL DEFAULT '',
    "error_type" TEXT NOT NULL DEFAULT '',
    "first_error" INTEGER,
    "content" TEXT,
    "location" INTEGER,
    "note" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "settlement_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "scopes" TEXT[] DEFAULT ARRAY['read', 'write']::TEXT[],
    "person_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency" (
    "key" TEXT NOT NULL,
    "api_key_id" UUID NOT NULL,
    "method" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "body_digest" TEXT NOT NULL,
    "status" INTEGER,
    "response" JSONB,
    "held_until" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_pkey" PRIMARY KEY ("api_key_id","key")
);

-- CreateIndex
CREATE UNIQUE INDEX "person_name_key" ON "person"("name");

-- CreateIndex
CREATE UNIQUE INDEX "person_token_hash_key" ON "person"("token_hash");

-- CreateIndex
CREATE INDEX "branch_attempt_id_purpose_step_idx" ON "branch"("attempt_id", "purpose", "step");

-- CreateIndex
CREATE INDEX "branch_run_id_idx" ON "branch"("run_id");

-- CreateIndex
CREATE UNIQUE INDEX "branch_sample_branch_id_sample_index_key" ON "branch_sample"("branch_id", "sample_index");

-- CreateIndex
CREATE INDEX "score_subject_id_idx" ON "score"("subject_id");

-- CreateIndex
CREATE INDEX "score_attempt_id_idx" ON "score"("attempt_id");

-- CreateIndex
CREATE INDEX "score_study_id_model_id_subject_idx" ON "score"("study_id", "model_id", "subject");

-- CreateIndex
CREATE UNIQUE INDEX "score_run_id_model_id_subject_subject_id_step_key" ON "score"("run_id", "model_id", "subject", "subject_id", "step");

-- CreateIndex
CREATE INDEX "reflection_attempt_id_idx" ON "reflection"("attempt_id");

-- CreateIndex
CREATE UNIQUE INDEX "reflection_run_id_attempt_id_sample_index_key" ON "reflection"("run_id", "attempt_id", "sample_index");

-- CreateIndex
CREATE UNIQUE INDEX "dataset_study_id_name_key" ON "dataset"("study_id", "name");

-- CreateIndex
CREATE INDEX "dataset_row_problem_id_idx" ON "dataset_row"("problem_id");

-- CreateIndex
CREATE INDEX "dataset_row_attempt_id_idx" ON "dataset_row"("attempt_id");

-- CreateIndex
CREATE INDEX "dataset_row_proposal_id_idx" ON "dataset_row"("proposal_id");

-- CreateIndex
CREATE INDEX "dataset_row_decision_id_idx" ON "dataset_row"("decision_id");

-- CreateIndex
CREATE INDEX "dataset_row_reflection_id_idx" ON "dataset_row"("reflection_id");

-- CreateIndex
CREATE UNIQUE INDEX "dataset_row_dataset_id_ordinal_key" ON "dataset_row"("dataset_id", "ordinal");

-- CreateIndex
CREATE UNIQUE INDEX "queue_study_id_name_key" ON "queue"("study_id", "name");

-- CreateIndex
CREATE INDEX "queue_item_queue_id_state_ordinal_idx" ON "queue_item"("queue_id", "state", "ordinal");

-- CreateIndex
CREATE INDEX "queue_item_attempt_id_idx" ON "queue_item"("attempt_id");

-- CreateIndex
CREATE INDEX "queue_item_proposal_id_idx" ON "queue_item"("proposal_id");

-- CreateIndex
CREATE UNIQUE INDEX "queue_item_queue_id_ordinal_key" ON "queue_item"("queue_id", "ordinal");

-- CreateIndex
CREATE UNIQUE INDEX "queue_item_queue_id_attempt_id_proposal_id_key" ON "queue_item"("queue_id", "attempt_id", "proposal_id") NULLS NOT DISTINCT;

-- CreateIndex
CREATE INDEX "lease_person_id_idx" ON "lease"("person_id");

-- CreateIndex
CREATE UNIQUE INDEX "lease_item_id_person_id_key" ON "lease"("item_id", "person_id");

-- CreateIndex
CREATE UNIQUE INDEX "decision_undoes_id_key" ON "decision"("undoes_id");

-- CreateIndex
CREATE UNIQUE INDEX "decision_client_key_key" ON "decision"("client_key");

-- CreateIndex
CREATE INDEX "decision_item_id_created_at_idx" ON "decision"("item_id", "created_at");

-- CreateIndex
CREATE INDEX "decision_person_id_created_at_idx" ON "decision"("person_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "settlement_item_id_replaces_id_key" ON "settlement"("item_id", "replaces_id") NULLS NOT DISTINCT;

-- CreateIndex
CREATE UNIQUE INDEX "settlement_replaces_id_key" ON "settlement"("replaces_id");

-- CreateIndex
CREATE UNIQUE INDEX "vote_decision_id_key" ON "vote"("decision_id");

-- CreateIndex
CREATE INDEX "vote_person_id_idx" ON "vote"("person_id");

-- CreateIndex
CREATE UNIQUE INDEX "proposal_settlement_id_key" ON "proposal"("settlement_id");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_hash_key" ON "api_key"("hash");

-- CreateIndex
CREATE INDEX "idempotency_created_at_idx" ON "idempotency"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "proposal_decision_id_key" ON "proposal"("decision_id");

-- AddForeignKey
ALTER TABLE "proposal" ADD CONSTRAINT "proposal_decision_id_fkey" FOREIGN KEY ("decision_id") REFERENCES "decision"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "branch" ADD CONSTRAINT "branch_study_id_fkey" FOREIGN KEY ("study_id") REFERENCES "study"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "branch" ADD CONSTRAINT "branch_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "branch" ADD CONSTRAINT "branch_attempt_id_fkey" FOREIGN KEY ("attempt_id") REFERENCES "attempt"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "branch" ADD CONSTRAINT "branch_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "branch_stream" ADD CONSTRAINT "branch_stream_branch_id_fkey" FOREIGN KEY ("branch_id") REFERENCES "branch"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "branch_sample" ADD CONSTRAINT "branch_sample_branch_id_fkey" FOREIGN KEY ("branch_id") REFERENCES "branch"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "score" ADD CONSTRAINT "score_study_id_fkey" FOREIGN KEY ("study_id") REFERENCES "study"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "score" ADD CONSTRAINT "score_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "score" ADD CONSTRAINT "score_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "model"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reflection" ADD CONSTRAINT "reflection_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reflection" ADD CONSTRAINT "reflection_attempt_id_fkey" FOREIGN KEY ("attempt_id") REFERENCES "attempt"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset" ADD CONSTRAINT "dataset_study_id_fkey" FOREIGN KEY ("study_id") REFERENCES "study"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset" ADD CONSTRAINT "dataset_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "model"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset" ADD CONSTRAINT "dataset_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_row" ADD CONSTRAINT "dataset_row_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_row" ADD CONSTRAINT "dataset_row_problem_id_fkey" FOREIGN KEY ("problem_id") REFERENCES "problem"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_row" ADD CONSTRAINT "dataset_row_attempt_id_fkey" FOREIGN KEY ("attempt_id") REFERENCES "attempt"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_row" ADD CONSTRAINT "dataset_row_proposal_id_fkey" FOREIGN KEY ("proposal_id") REFERENCES "proposal"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_row" ADD CONSTRAINT "dataset_row_decision_id_fkey" FOREIGN KEY ("decision_id") REFERENCES "decision"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_row" ADD CONSTRAINT "dataset_row_reflection_id_fkey" FOREIGN KEY ("reflection_id") REFERENCES "reflection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "queue" ADD CONSTRAINT "queue_study_id_fkey" FOREIGN KEY ("study_id") REFERENCES "study"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "queue_item" ADD CONSTRAINT "queue_item_queue_id_fkey" FOREIGN KEY ("queue_id") REFERENCES "queue"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "queue_item" ADD CONSTRAINT "queue_item_attempt_id_fkey" FOREIGN KEY ("attempt_id") REFERENCES "attempt"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "queue_item" ADD CONSTRAINT "queue_item_proposal_id_fkey" FOREIGN KEY ("proposal_id") REFERENCES "proposal"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lease" ADD CONSTRAINT "lease_item_id_fkey" FOREIGN KEY ("item_id") REFERENCES "queue_item"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lease" ADD CONSTRAINT "lease_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "decision" ADD CONSTRAINT "decision_item_id_fkey" FOREIGN KEY ("item_id") REFERENCES "queue_item"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "decision" ADD CONSTRAINT "decision_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "decision" ADD CONSTRAINT "decision_undoes_id_fkey" FOREIGN KEY ("undoes_id") REFERENCES "decision"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "draft" ADD CONSTRAINT "draft_item_id_fkey" FOREIGN KEY ("item_id") REFERENCES "queue_item"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "draft" ADD CONSTRAINT "draft_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "settlement" ADD CONSTRAINT "settlement_item_id_fkey" FOREIGN KEY ("item_id") REFERENCES "queue_item"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "settlement" ADD CONSTRAINT "settlement_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "idempotency" ADD CONSTRAINT "idempotency_api_key_id_fkey" FOREIGN KEY ("api_key_id") REFERENCES "api_key"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "proposal" ADD CONSTRAINT "proposal_settlement_id_fkey" FOREIGN KEY ("settlement_id") REFERENCES "settlement"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "queue_item" ADD CONSTRAINT "queue_item_agreed_id_fkey" FOREIGN KEY ("agreed_id") REFERENCES "decision"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "vote" ADD CONSTRAINT "vote_item_id_fkey" FOREIGN KEY ("item_id") REFERENCES "queue_item"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "vote" ADD CONSTRAINT "vote_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "vote" ADD CONSTRAINT "vote_decision_id_fkey" FOREIGN KEY ("decision_id") REFERENCES "decision"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "settlement" ADD CONSTRAINT "settlement_decision_id_fkey" FOREIGN KEY ("decision_id") REFERENCES "decision"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "settlement" ADD CONSTRAINT "settlement_replaces_id_fkey" FOREIGN KEY ("replaces_id") REFERENCES "settlement"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What people decided is only ever added to. Rows go with their study alone, through its foreign keys (depth > 0).
CREATE FUNCTION "refuse_change_of_decision"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a % is never changed or removed: it is taken back by a row of its own', TG_TABLE_NAME;
END $$;

CREATE TRIGGER "decision_append_only" BEFORE UPDATE OR DELETE ON "decision"
  FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION "refuse_change_of_decision"();

CREATE TRIGGER "settlement_append_only" BEFORE UPDATE OR DELETE ON "settlement"
  FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION "refuse_change_of_decision"();

-- CreateTable
CREATE TABLE "import_place" (
    "task_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "problem_id" UUID NOT NULL,
    "taken" INTEGER NOT NULL,

    CONSTRAINT "import_place_pkey" PRIMARY KEY ("task_id","run_id","problem_id")
);
