-- Lists: tags, saved views, and the orders in which lists are read.

-- CreateTable
CREATE TABLE "tag" (
    "id" UUID NOT NULL,
    "study_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "created_by" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tag_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tagging" (
    "tag_id" UUID NOT NULL,
    "subject" TEXT NOT NULL,
    "subject_id" UUID NOT NULL,

    CONSTRAINT "tagging_pkey" PRIMARY KEY ("tag_id","subject_id")
);

-- CreateTable
CREATE TABLE "saved_view" (
    "id" UUID NOT NULL,
    "study_id" UUID NOT NULL,
    "list" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "query" JSONB NOT NULL,
    "created_by" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "saved_view_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "tag_study_id_name_key" ON "tag"("study_id", "name");

-- CreateIndex
CREATE INDEX "tagging_subject_id_idx" ON "tagging"("subject_id");

-- CreateIndex
CREATE UNIQUE INDEX "saved_view_study_id_list_name_key" ON "saved_view"("study_id", "list", "name");

-- AddForeignKey
ALTER TABLE "tag" ADD CONSTRAINT "tag_study_id_fkey" FOREIGN KEY ("study_id") REFERENCES "study"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tagging" ADD CONSTRAINT "tagging_tag_id_fkey" FOREIGN KEY ("tag_id") REFERENCES "tag"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "saved_view" ADD CONSTRAINT "saved_view_study_id_fkey" FOREIGN KEY ("study_id") REFERENCES "study"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Orders of the attempts list, for each run: a page is read from the beginning of each run's.
-- CreateIndex
CREATE INDEX "attempt_run_id_id_idx" ON "attempt"("run_id", "id");

-- CreateIndex
CREATE INDEX "attempt_run_id_steps_id_idx" ON "attempt"("run_id", "steps", "id");

-- CreateIndex
CREATE INDEX "attempt_run_id_tokens_id_idx" ON "attempt"("run_id", "tokens", "id");

-- CreateIndex
CREATE INDEX "problem_study_id_ordinal_id_idx" ON "problem"("study_id", "ordinal", "id");
