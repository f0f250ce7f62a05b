import { z } from "zod";

/** Most rows that are ticked one by one; all that a question finds is no matter of ticking. */
export const TICKED_CAP = 10_000;

/**
 * Rows that something is done with: those that were ticked (`search` says which runs the list was of), or all that a question
 * finds but some.
 */
export const selectionSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ticked"), search: z.string().max(20_000), ids: z.array(z.uuid()).min(1).max(TICKED_CAP) }),
  z.object({ kind: z.literal("all"), search: z.string().max(20_000), except: z.array(z.uuid()).max(TICKED_CAP) }),
]);
export type Selection = z.infer<typeof selectionSchema>;
