import { z } from "zod";
import type { Stage } from "./arms";

/** The arm of a score that somebody waits for at a page. */
export const SCORE_NOW = "now";

/**
 * The jobs' contract: one queue per stage, a payload of one id. Rows carry truth, jobs carry ids: whoever takes a job
 * reads the item, its run and the frozen settings from the database.
 */
export const jobPayload = z.object({ itemId: z.uuid() });
export type JobPayload = z.infer<typeof jobPayload>;

/** Queue of each stage. A new stage does not compile without its line here and its handler in usecases/stages/registry.ts. */
export const QUEUE: Record<Stage, string> = {
  rollout: "stage.rollout",
  grade: "stage.grade",
  verify: "stage.verify",
  continue: "stage.continue",
  keep: "stage.keep",
  branch: "stage.branch",
  value: "stage.value",
  score: "stage.score",
  reflect: "stage.reflect",
  dataset: "stage.dataset",
  import: "stage.import",
  export: "stage.export",
  publish: "stage.publish",
  sft: "stage.sft",
  rl: "stage.rl",
};

/**
 * Which of a stage's jobs go first: the higher, the earlier. A problem's fresh samples wait for the arms that hang on
 * proposals, of which there are more and which people look at first; a score that somebody waits for goes before bulk.
 */
export function jobPriority(stage: Stage, arm: string): number {
  if (stage === "continue" && arm === "problem") return -1;
  if (stage === "score" && arm === SCORE_NOW) return 1;
  return 0;
}

/** Problems of a run that are sampled one after the other before another run has its turn. */
const TURN = 64;
/** Places for runs in a round: two of one place share their turn. */
const PLACES = 1024;

/**
 * Priority of the i-th job of a run's rollouts. Runs take turns, so that a small one does not wait for a large one's end, and
 * within its turn a run is worked through in its order: the first rows of the pages fill first, and an engine that keeps a few
 * models in memory is not asked for another one with every problem (20 evaluations beside each other: 29 samples a second
 * instead of 41).
 *
 * @param i place of the item among those that get their jobs with it, from 0; beyond two million all have their turn at once.
 */
export function rolloutPriority(runId: string, i: number): number {
  const place = Number.parseInt(runId.slice(-3), 16) % PLACES;
  const turn = Math.min(32_000, Math.floor(i / TURN));
  return -((turn * PLACES + place) * TURN + (i % TURN));
}
