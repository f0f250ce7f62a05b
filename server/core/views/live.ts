/** What workers tell pages, as pages read it (server/store/notify.ts writes it). */
import { z } from "zod";

export const liveEventSchema = z.object({
  studyId: z.string(),
  runId: z.string().optional(),
  /** What changed. Unknown kinds are welcome: a page reads everything that it shows anyway. */
  kind: z.string(),
});
export type LiveEvent = z.infer<typeof liveEventSchema>;
