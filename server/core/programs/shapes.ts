/**
 * What programs are given over /api/v1: the shapes of its answers, which are also the schemas of its OpenAPI document.
 * Names are those of the database and of `intervene status --json` (snake_case); times are ISO 8601 in UTC.
 */
import { z } from "zod";
import { ARMS, OUTCOMES } from "../arms";
import { RUN_STATES } from "../run-state";

const id = z.uuid();
const time = z.iso.datetime();
const reward = z.union([z.literal(0), z.literal(1)]);

export const intervalShape = z
  .object({ value: z.number(), low: z.number(), high: z.number() })
  .meta({ id: "Interval", description: "An estimate with the bounds of its 95 % interval." });

export const studyShape = z
  .object({
    id,
    name: z.string(),
    kind: z.string().meta({ description: '"lab" for the built-in world, "user" otherwise' }),
    note: z.string(),
    created_at: time,
    problems: z.int(),
    attempts: z.int(),
  })
  .meta({ id: "Study" });
export type StudyShape = z.infer<typeof studyShape>;

export const problemSetShape = z
  .object({ id, name: z.string(), source: z.string(), created_at: time, problems: z.int() })
  .meta({ id: "ProblemSet" });
export type ProblemSetShape = z.infer<typeof problemSetShape>;

export const problemShape = z
  .object({
    id,
    key: z.string().meta({ description: "its natural key in the problem set: the file's own id, or a digest" }),
    problem_set: z.string(),
    ordinal: z.int(),
    statement: z.string(),
    answer: z.string(),
    difficulty: z.string(),
    attempts: z.int(),
    graded: z.int(),
    correct: z.int(),
  })
  .meta({ id: "Problem" });
export type ProblemShape = z.infer<typeof problemShape>;

export const problemDetailShape = problemShape
  .extend({ reference: z.string(), reference_source: z.string() })
  .meta({ id: "ProblemDetail" });
export type ProblemDetailShape = z.infer<typeof problemDetailShape>;

export const modelShape = z
  .object({
    id,
    name: z.string(),
    served_name: z.string().meta({ description: '"" where no server serves it' }),
    parent_id: id.nullable(),
    created_at: time,
  })
  .meta({ id: "Model" });
export type ModelShape = z.infer<typeof modelShape>;

const armRate = z.object({ samples: z.int(), correct: z.int() }).nullable();

export const attemptShape = z
  .object({
    id,
    problem_id: id,
    problem_ordinal: z.int(),
    sample_index: z.int(),
    model: z.string().nullable(),
    reward: reward.nullable().meta({ description: "by the newest grade; null until it is graded" }),
    steps: z.int(),
    tokens: z.int().meta({ description: "0 where not known" }),
    finish_reason: z.string(),
    first_error: z.int().nullable().meta({ description: "the first wrong step (1-based) as the model located it" }),
    verifications: z.int(),
    agreeing: z.int().meta({ description: "verifications that name that very step" }),
    label: z
      .union([z.int(), z.literal("none")])
      .nullable()
      .meta({ description: "the first wrong step as people located it; null without a label" }),
    proposal: z.object({ id, location: z.int(), kept: z.boolean().nullable(), leaked: z.boolean() }).nullable(),
    arms: z.object({ prefix: armRate, original: armRate, intervention: armRate }),
    text: z.string().optional().meta({ description: "with include=text" }),
  })
  .meta({ id: "Attempt" });
export type AttemptShape = z.infer<typeof attemptShape>;

const gradeShape = z
  .object({
    grader_version: z.string(),
    reward,
    extracted: z.string().nullable(),
    reason: z.string(),
    created_at: time,
  })
  .meta({ id: "Grade" });
export type GradeShape = z.infer<typeof gradeShape>;

const verificationShape = z
  .object({
    id,
    run_id: id,
    sample_index: z.int(),
    outcome: z.string(),
    first_error: z.int().nullable(),
    verdicts: z.array(z.object({ step: z.int(), verdict: z.string(), note: z.string() })),
    parse_note: z.string(),
    tokens: z.int(),
    text: z.string().meta({ description: "the model's whole output" }),
  })
  .meta({ id: "Verification" });
export type VerificationShape = z.infer<typeof verificationShape>;

const bareProposal = z.object({
  id,
  run_id: id,
  verification_id: id.nullable(),
  sample_index: z.int(),
  author: z.string().meta({ description: '"model" or "person"' }),
  content: z.string(),
  location: z.int().meta({ description: "the step that it replaces, with all after it (1-based)" }),
  leak_equivalent: z.boolean(),
  leak_substring: z.boolean(),
  chosen: z.boolean(),
  kept: z.boolean().nullable().meta({ description: "a continuation from it succeeded; null until known" }),
  created_at: time,
});
export type BareProposal = z.infer<typeof bareProposal>;

export const attemptDetailShape = z
  .object({
    id,
    run_id: id,
    stage: z.string(),
    model: z.string().nullable(),
    problem: z.object({ id, key: z.string(), ordinal: z.int(), statement: z.string(), answer: z.string(), reference: z.string() }),
    sample_index: z.int(),
    seed: z.int(),
    finish_reason: z.string(),
    tokens: z.int(),
    reward: reward.nullable(),
    text: z.string(),
    steps: z.array(z.string()),
    grades: z.array(gradeShape).meta({ description: "of every grader version, the newest first" }),
    labels: z.array(z.object({ source: z.string(), first_error: z.int().nullable() })),
    verifications: z.array(verificationShape),
    proposals: z.array(bareProposal),
    arms: z.array(z.object({ arm: z.enum(ARMS), samples: z.int(), correct: z.int(), rate: intervalShape.nullable() })),
  })
  .meta({ id: "AttemptDetail" });
export type AttemptDetailShape = z.infer<typeof attemptDetailShape>;

export const proposalShape = bareProposal
  .extend({
    attempt_id: id,
    problem_id: id,
    problem: z.string().meta({ description: "the statement" }),
    answer: z.string(),
    accepted: z.boolean().meta({ description: "people accepted it, or wrote it" }),
    attempt: z.string().optional().meta({ description: "the failed attempt, with include=texts" }),
    prefix: z.string().optional().meta({ description: "its steps before `location`, with include=texts" }),
    guided_attempt: z.string().optional().meta({ description: "prefix + content, with include=texts" }),
  })
  .meta({ id: "Proposal" });
export type ProposalShape = z.infer<typeof proposalShape>;

export const decisionShape = z
  .object({
    id,
    queue: z.string(),
    item_id: id,
    attempt_id: id,
    proposal_id: id.nullable(),
    person: z.string().meta({ description: "a pseudonym, or the name with names=true" }),
    action: z.string().meta({ description: "accept | reject | locate | edit | no_error | cannot_tell | skip | flag | undo" }),
    reason: z.string(),
    error_type: z.string(),
    note: z.string(),
    first_error: z.int().nullable(),
    content: z.string().nullable(),
    location: z.int().nullable(),
    seconds: z.number(),
    undoes_id: id.nullable(),
    undone: z.boolean().meta({ description: "a later decision takes it back" }),
    created_at: time,
  })
  .meta({ id: "Decision" });
export type DecisionShape = z.infer<typeof decisionShape>;

export const continuationShape = z
  .object({
    id,
    run_id: id,
    problem_id: id,
    attempt_id: id.nullable(),
    proposal_id: id.nullable(),
    arm: z.enum(ARMS),
    sample_index: z.int(),
    seed: z.int(),
    outcome: z.enum(OUTCOMES),
    reward,
    tokens: z.int(),
    finish_reason: z.string(),
    created_at: time,
    text: z.string().optional().meta({ description: "what was sampled, without the prefix; with include=text" }),
  })
  .meta({ id: "Continuation" });
export type ContinuationShape = z.infer<typeof continuationShape>;

export const runShape = z
  .object({
    id,
    pipeline_id: id.nullable(),
    stage: z.string(),
    state: z.enum(RUN_STATES),
    total: z.int().meta({ description: "rows known so far; grows while an earlier stage still makes items" }),
    done: z.int(),
    failed: z.int(),
    message: z.string().meta({ description: "why it stands still or failed; for people" }),
    model: z.string().nullable(),
    result: z.unknown().meta({ description: "what came out of an import, an export or a dataset; null for other stages" }),
    created_at: time,
    started_at: time.nullable(),
    ended_at: time.nullable(),
  })
  .meta({ id: "Run" });
export type RunShape = z.infer<typeof runShape>;

export const runDetailShape = runShape
  .extend({ settings: z.unknown().meta({ description: "frozen when it was made" }) })
  .meta({ id: "RunDetail" });
export type RunDetailShape = z.infer<typeof runDetailShape>;

export const pipelineShape = z
  .object({
    id,
    recipe: z.string(),
    state: z.enum(RUN_STATES).meta({ description: "one word for all of its runs" }),
    over: z.boolean().meta({ description: "nothing more will come out of it: done, failed or cancelled" }),
    total: z.int(),
    done: z.int(),
    failed: z.int(),
    created_at: time,
    runs: z.array(runShape).meta({ description: "its stages in order" }),
  })
  .meta({ id: "Pipeline", description: "A recipe started once: a chain of runs." });
export type PipelineShape = z.infer<typeof pipelineShape>;

export const datasetShape = z
  .object({
    id,
    name: z.string(),
    source: z.string(),
    state: z.enum(["building", "ready", "failed"]),
    rows: z.int(),
    digest: z.string().meta({ description: "SHA-256 over its rows" }),
    message: z.string(),
    base_model: z.string().nullable(),
    run_id: id.nullable(),
    created_at: time,
  })
  .meta({ id: "Dataset" });
export type DatasetShape = z.infer<typeof datasetShape>;

export const datasetDetailShape = datasetShape
  .extend({ settings: z.unknown(), manifest: z.unknown() })
  .meta({ id: "DatasetDetail" });
export type DatasetDetailShape = z.infer<typeof datasetDetailShape>;

export const datasetRowShape = z
  .object({
    ordinal: z.int(),
    prompt: z.string(),
    completion: z.string(),
    ends: z.boolean().meta({ description: "whether the assistant's turn ends after it" }),
    tokens: z.int(),
    problem_id: id,
    attempt_id: id.nullable(),
    proposal_id: id.nullable(),
    decision_id: id.nullable(),
    reflection_id: id.nullable(),
    meta: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "DatasetRow" });
export type DatasetRowShape = z.infer<typeof datasetRowShape>;

export const tableRowShape = z
  .object({
    arm: z.enum(ARMS),
    conditioned_on: z.string().meta({ description: "the arm as people read it" }),
    problems: z.int(),
    covered: z.int().meta({ description: "problems with at least one success" }),
    samples: z.int(),
    correct: z.int(),
    coverage: intervalShape.nullable().meta({ description: "covered / problems, Wilson's interval" }),
    accuracy: intervalShape.nullable().meta({ description: "mean reward, bootstrap over problems" }),
  })
  .meta({ id: "ConditioningRow" });
export type TableRowShape = z.infer<typeof tableRowShape>;

export const conditioningShape = z
  .object({ study: z.string(), pipeline_id: id.nullable(), rows: z.array(tableRowShape) })
  .meta({ id: "ConditioningTable" });

export const verificationCountsShape = z
  .object({
    study: z.string(),
    pipeline_id: id.nullable(),
    attempts: z.int(),
    verifications: z.int(),
    proposed: z.int(),
    no_error: z.int(),
    unparsed: z.int(),
    out_of_range: z.int(),
    cut_off: z.int(),
    leaked_equivalent: z.int(),
    leaked_substring: z.int(),
    leaked_both: z.int(),
    chosen: z.int(),
    judged: z.int(),
    kept: z.int(),
  })
  .meta({ id: "ProposalCounts", description: "What became of the verify stage's samples." });
