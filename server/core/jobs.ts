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
