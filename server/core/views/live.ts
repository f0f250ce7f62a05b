/** What the worker tells pages through PostgreSQL's channel "intervene". */
import { z } from "zod";

export const LIVE_CHANNEL = "intervene";

export const liveEventSchema = z.object({
  studyId: z.string(),
  runId: z.string().optional(),
  /** What changed: a stage's name, "run" for states, "import", … */
  kind: z.string(),
});
export type LiveEvent = z.infer<typeof liveEventSchema>;
