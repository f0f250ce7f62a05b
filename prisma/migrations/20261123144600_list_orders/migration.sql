-- Orders of the proposals list, for each run: a page is read from the beginning of each run's.
-- CreateIndex
CREATE INDEX "proposal_run_id_id_idx" ON "proposal"("run_id", "id");

-- CreateIndex
CREATE INDEX "proposal_run_id_location_id_idx" ON "proposal"("run_id", "location", "id");

-- CreateIndex
CREATE INDEX "proposal_run_id_tokens_id_idx" ON "proposal"("run_id", "tokens", "id");

-- CreateIndex
CREATE INDEX "proposal_run_id_kept_id_idx" ON "proposal"("run_id", "kept", "id");

-- By length. The Prisma schema has no words for an index on an expression, nor for one on some of the rows.
CREATE INDEX "proposal_run_id_length_id_idx" ON "proposal"("run_id", char_length("content"), "id");

-- Attempts by their first error: the step of their chosen proposal.
CREATE INDEX "proposal_chosen_location_attempt_id_idx" ON "proposal"("location", "attempt_id") WHERE "chosen";
