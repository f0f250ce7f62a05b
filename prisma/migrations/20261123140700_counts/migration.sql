-- CreateTable
CREATE TABLE "attempt_count" (
    "run_id" UUID NOT NULL,
    "problem_id" UUID NOT NULL,
    "n" INTEGER NOT NULL,
    "graded" INTEGER NOT NULL,
    "c" INTEGER NOT NULL,
    "tokens" BIGINT NOT NULL,

    CONSTRAINT "attempt_count_pkey" PRIMARY KEY ("run_id","problem_id")
);

-- CreateTable
CREATE TABLE "continuation_count" (
    "run_id" UUID NOT NULL,
    "arm" TEXT NOT NULL,
    "target_id" UUID NOT NULL,
    "problem_id" UUID NOT NULL,
    "n" INTEGER NOT NULL,
    "c" INTEGER NOT NULL,
    "tokens" BIGINT NOT NULL,

    CONSTRAINT "continuation_count_pkey" PRIMARY KEY ("run_id","arm","target_id")
);

-- CreateIndex
CREATE INDEX "attempt_count_problem_id_idx" ON "attempt_count"("problem_id");

-- CreateIndex
CREATE INDEX "continuation_count_problem_id_idx" ON "continuation_count"("problem_id");

-- CreateIndex
CREATE INDEX "continuation_count_target_id_idx" ON "continuation_count"("target_id");

-- AddForeignKey
ALTER TABLE "attempt_count" ADD CONSTRAINT "attempt_count_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempt_count" ADD CONSTRAINT "attempt_count_problem_id_fkey" FOREIGN KEY ("problem_id") REFERENCES "problem"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "continuation_count" ADD CONSTRAINT "continuation_count_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "continuation_count" ADD CONSTRAINT "continuation_count_problem_id_fkey" FOREIGN KEY ("problem_id") REFERENCES "problem"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Whoever writes attempts and continuations keeps the counts, in the same transaction: stages, imports, regrades, repairs by hand.
-- One statement counts all of its rows together. Counts are written in the order of their keys, so that two writers cannot
-- wait for each other in a circle.
CREATE FUNCTION "count_attempts_added"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO attempt_count AS t (run_id, problem_id, n, graded, c, tokens)
  SELECT run_id, problem_id, count(*), count(reward), coalesce(sum(reward), 0), sum(tokens) FROM fresh GROUP BY 1, 2 ORDER BY 1, 2
  ON CONFLICT (run_id, problem_id) DO UPDATE
  SET n = t.n + excluded.n, graded = t.graded + excluded.graded, c = t.c + excluded.c, tokens = t.tokens + excluded.tokens;
  RETURN NULL;
END $$;
CREATE FUNCTION "count_attempts_changed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO attempt_count AS t (run_id, problem_id, n, graded, c, tokens)
  SELECT run_id, problem_id, sum(s), coalesce(sum(s) FILTER (WHERE reward IS NOT NULL), 0), sum(s * coalesce(reward, 0)), sum(s * tokens)
  FROM (SELECT 1 AS s, run_id, problem_id, reward, tokens FROM fresh UNION ALL SELECT -1, run_id, problem_id, reward, tokens FROM stale) x
  GROUP BY 1, 2
  HAVING sum(s) <> 0 OR count(reward) FILTER (WHERE s > 0) <> count(reward) FILTER (WHERE s < 0)
    OR sum(s * coalesce(reward, 0)) <> 0 OR sum(s * tokens) <> 0
  ORDER BY 1, 2
  ON CONFLICT (run_id, problem_id) DO UPDATE
  SET n = t.n + excluded.n, graded = t.graded + excluded.graded, c = t.c + excluded.c, tokens = t.tokens + excluded.tokens;
  RETURN NULL;
END $$;
CREATE FUNCTION "count_attempts_removed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- With their run or problem gone, their count goes by itself.
  UPDATE attempt_count t SET n = t.n - d.n, graded = t.graded - d.graded, c = t.c - d.c, tokens = t.tokens - d.tokens
  FROM (SELECT run_id, problem_id, count(*) AS n, count(reward) AS graded, coalesce(sum(reward), 0) AS c, sum(tokens) AS tokens
        FROM stale GROUP BY 1, 2) d
  WHERE t.run_id = d.run_id AND t.problem_id = d.problem_id;
  DELETE FROM attempt_count t USING (SELECT DISTINCT run_id, problem_id FROM stale) d
  WHERE t.run_id = d.run_id AND t.problem_id = d.problem_id AND t.n = 0;
  RETURN NULL;
END $$;
CREATE TRIGGER "attempt_counted_in" AFTER INSERT ON "attempt" REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION "count_attempts_added"();
CREATE TRIGGER "attempt_counted_again" AFTER UPDATE ON "attempt" REFERENCING NEW TABLE AS fresh OLD TABLE AS stale
  FOR EACH STATEMENT EXECUTE FUNCTION "count_attempts_changed"();
CREATE TRIGGER "attempt_counted_out" AFTER DELETE ON "attempt" REFERENCING OLD TABLE AS stale
  FOR EACH STATEMENT EXECUTE FUNCTION "count_attempts_removed"();

CREATE FUNCTION "count_continuations_added"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO continuation_count AS t (run_id, arm, target_id, problem_id, n, c, tokens)
  SELECT run_id, arm, target_id, min(problem_id::text)::uuid, count(*), sum(reward), sum(tokens) FROM fresh GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
  ON CONFLICT (run_id, arm, target_id) DO UPDATE SET n = t.n + excluded.n, c = t.c + excluded.c, tokens = t.tokens + excluded.tokens;
  RETURN NULL;
END $$;
CREATE FUNCTION "count_continuations_changed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO continuation_count AS t (run_id, arm, target_id, problem_id, n, c, tokens)
  SELECT run_id, arm, target_id, min(problem_id::text)::uuid, sum(s), sum(s * reward), sum(s * tokens)
  FROM (SELECT 1 AS s, run_id, arm, target_id, problem_id, reward, tokens FROM fresh
        UNION ALL SELECT -1, run_id, arm, target_id, problem_id, reward, tokens FROM stale) x
  GROUP BY 1, 2, 3
  HAVING sum(s) <> 0 OR sum(s * reward) <> 0 OR sum(s * tokens) <> 0
  ORDER BY 1, 2, 3
  ON CONFLICT (run_id, arm, target_id) DO UPDATE SET n = t.n + excluded.n, c = t.c + excluded.c, tokens = t.tokens + excluded.tokens;
  RETURN NULL;
END $$;
CREATE FUNCTION "count_continuations_removed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE continuation_count t SET n = t.n - d.n, c = t.c - d.c, tokens = t.tokens - d.tokens
  FROM (SELECT run_id, arm, target_id, count(*) AS n, sum(reward) AS c, sum(tokens) AS tokens FROM stale GROUP BY 1, 2, 3) d
  WHERE t.run_id = d.run_id AND t.arm = d.arm AND t.target_id = d.target_id;
  DELETE FROM continuation_count t USING (SELECT DISTINCT run_id, arm, target_id FROM stale) d
  WHERE t.run_id = d.run_id AND t.arm = d.arm AND t.target_id = d.target_id AND t.n = 0;
  RETURN NULL;
END $$;
CREATE TRIGGER "continuation_counted_in" AFTER INSERT ON "continuation" REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION "count_continuations_added"();
CREATE TRIGGER "continuation_counted_again" AFTER UPDATE ON "continuation" REFERENCING NEW TABLE AS fresh OLD TABLE AS stale
  FOR EACH STATEMENT EXECUTE FUNCTION "count_continuations_changed"();
CREATE TRIGGER "continuation_counted_out" AFTER DELETE ON "continuation" REFERENCING OLD TABLE AS stale
  FOR EACH STATEMENT EXECUTE FUNCTION "count_continuations_removed"();

-- What is there already.
INSERT INTO attempt_count (run_id, problem_id, n, graded, c, tokens)
SELECT run_id, problem_id, count(*), count(reward), coalesce(sum(reward), 0), sum(tokens) FROM attempt GROUP BY 1, 2;
INSERT INTO continuation_count (run_id, arm, target_id, problem_id, n, c, tokens)
SELECT run_id, arm, target_id, min(problem_id::text)::uuid, count(*), sum(reward), sum(tokens) FROM continuation GROUP BY 1, 2, 3;
