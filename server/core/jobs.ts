import { z } from "zod";
import type { Stage } from "./arms";

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
  score: "stage.score",
  reflect: "stage.reflect",
  dataset: "stage.dataset",
  import: "stage.import",
  export: "stage.export",
};
