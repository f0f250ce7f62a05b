import { FATES } from "../../core/comparing/fates";
import { STANDS } from "../judging/stands";

/**
 * The fate of an attempt in a run as SQL: the one place where the funnel's words are decided, for its counts and for the lists
 * that they lead to.
 */

/** Ids of a pipeline's runs of a stage, as an array that is read once. @param pipeline mark of its id. */
export const runsOf = (pipeline: string, stage: "rollout" | "verify" | "continue"): string =>
  `ARRAY(SELECT id FROM run WHERE pipeline_id = ${pipeline}::uuid AND stage = '${stage}')`;

/**
 * Attempts that a pipeline is about: those it sampled, or, where it only verified, those that it was given. They are found through
 * their counts: of "run_id is one of these runs" the planner expects most of the table, and reads all of it (5 s of a million).
 */
export const attemptsOf = (pipeline: string, attempt: string): string =>
  `${attempt}.id IN (
     SELECT of_run.id FROM run o JOIN attempt_count t ON t.run_id = o.id JOIN attempt of_run ON of_run.run_id = t.run_id AND of_run.problem_id = t.problem_id
     WHERE o.pipeline_id = ${pipeline}::uuid AND o.stage = 'rollout'
     UNION ALL
     SELECT w.target_id FROM run v JOIN work_item w ON w.run_id = v.id WHERE v.pipeline_id = ${pipeline}::uuid AND v.stage = 'verify'
       AND NOT EXISTS (SELECT 1 FROM run o WHERE o.pipeline_id = v.pipeline_id AND o.stage = 'rollout'))`;

/** The same attempts as rows (alias a). @param columns what is read of them. */
export const attemptRows = (pipeline: string, columns: string): string =>
  `SELECT ${columns} FROM run o JOIN attempt_count t ON t.run_id = o.id JOIN attempt a ON a.run_id = t.run_id AND a.problem_id = t.problem_id
   WHERE o.pipeline_id = ${pipeline}::uuid AND o.stage = 'rollout'
   UNION ALL
   SELECT ${columns} FROM run v JOIN work_item w ON w.run_id = v.id JOIN attempt a ON a.id = w.target_id
   WHERE v.pipeline_id = ${pipeline}::uuid AND v.stage = 'verify'
     AND NOT EXISTS (SELECT 1 FROM run o WHERE o.pipeline_id = v.pipeline_id AND o.stage = 'rollout')`;

/** The chosen proposal (alias chosen_here) of an attempt in a pipeline's verify run, to be joined before {@link fateSql}. */
export const joinChosen = (pipeline: string, attempt: string): string =>
  `LEFT JOIN proposal chosen_here ON chosen_here.attempt_id = ${attempt}.id AND chosen_here.chosen
     AND chosen_here.run_id = ANY(${runsOf(pipeline, "verify")})`;

/**
 * An attempt's fate (core/comparing/fates.ts). What costs more is looked up for those alone that have no chosen proposal; OFFSET 0
 * keeps the planner from reading all of the run's verifications and proposals for it at once.
 */
export function fateSql(pipeline: string, attempt: string): string {
  const verify = runsOf(pipeline, "verify");
  const said = (which: string) =>
    `EXISTS (SELECT 1 FROM verification v WHERE v.attempt_id = ${attempt}.id AND v.run_id = ANY(${verify}) ${which} OFFSET 0)`;
  const proposed = (which: string) =>
    `EXISTS (SELECT 1 FROM proposal o WHERE o.attempt_id = ${attempt}.id AND o.run_id = ANY(${verify}) ${which} OFFSET 0)`;
  return `CASE
    WHEN ${attempt}.reward IS NULL THEN 'ungraded'
    WHEN ${attempt}.reward = 1 THEN 'right'
    WHEN chosen_here.kept THEN 'kept'
    WHEN NOT chosen_here.kept THEN 'no_success'
    WHEN chosen_here.id IS NOT NULL THEN 'not_sampled'
    WHEN NOT ${said("")} THEN CASE WHEN (SELECT btrim(x.reference) = '' FROM problem x WHERE x.id = ${attempt}.problem_id)
      THEN 'no_reference' ELSE 'not_verified' END
    WHEN ${proposed("AND NOT o.leak_equivalent AND btrim(o.content) <> ''")} THEN CASE WHEN EXISTS (
      SELECT 1 FROM proposal o WHERE o.attempt_id = ${attempt}.id AND o.chosen) THEN 'elsewhere' ELSE 'not_verified' END
    WHEN ${proposed("")} THEN 'leaks'
    WHEN ${said("AND v.outcome = 'located'")} THEN 'not_proposed'
    WHEN ${said("AND v.outcome = 'no_error'")} THEN 'no_error'
    ELSE 'unreadable' END`;
}

/** How far a fate is along the funnel: its place in FATES, from 1. */
export const depthSql = (fate: string): string =>
  `array_position(ARRAY[${FATES.map((f) => `'${f}'`).join(", ")}], ${fate})`;

/** Whether an attempt is in a pipeline and has this fate there, as a condition on it alone. */
export const hasFate = (pipeline: string, attempt: string, condition: (fate: string) => string): string =>
  `(${attemptsOf(pipeline, attempt)} AND EXISTS (
     SELECT 1 FROM (SELECT 1) one ${joinChosen(pipeline, attempt)} WHERE ${condition(fateSql(pipeline, attempt))}))`;

/** Why a kept attempt without a row in a data set has none: what people say of it in the end (as core/datasets/people.ts). */
export const unusedSql = (dataset: string, attempt: string): string =>
  `CASE WHEN (SELECT d.settings->>'decisions' FROM dataset d WHERE d.id = ${dataset}::uuid) = 'ignore' THEN 'left_out' ELSE
     CASE coalesce((SELECT s.action FROM ${STANDS} s WHERE s.attempt_id = ${attempt}.id ORDER BY s.created_at DESC LIMIT 1), '')
       WHEN 'reject' THEN 'rejected' WHEN 'no_error' THEN 'found_right' WHEN 'locate' THEN 'other_step' WHEN 'edit' THEN 'rewritten'
       WHEN '' THEN CASE WHEN EXISTS (SELECT 1 FROM queue_item i WHERE i.attempt_id = ${attempt}.id AND i.gold IS NULL
         AND i.state = 'complete' AND i.agreed_id IS NULL) THEN 'judges_differ' ELSE 'left_out' END
       ELSE 'left_out' END END`;

/** Whether a data set has a row of an attempt. */
export const hasRow = (dataset: string, attempt: string): string =>
  `EXISTS (SELECT 1 FROM dataset_row d WHERE d.attempt_id = ${attempt}.id AND d.dataset_id = ${dataset}::uuid)`;

/** Where a row (alias d) of a data set comes from, as a pipeline sees it; its attempt joined as `attempt`, with {@link joinChosen}. */
export const originSql = (pipeline: string, attempt: string): string =>
  `CASE WHEN NOT ${attemptsOf(pipeline, attempt)} THEN 'other_runs'
     WHEN ${attempt}.reward = 0 AND chosen_here.kept THEN 'kept'
     WHEN d.meta->>'author' = 'person' THEN 'person' ELSE 'another' END`;
