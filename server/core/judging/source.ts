/** From which filter a queue takes its items. */
import { z } from "zod";
import { attemptQuerySchema } from "../views/attempts";

/** Most items of a queue. */
export const QUEUE_CAP = 20_000;

/** Every filter of the attempts table, and those that only judging asks for. Each narrows. */
export const queueSourceSchema = z.object({
  /** Filters of the attempts table (run, problem, reward, proposal, …). Its order counts only when `order` is "table". */
  attempts: attemptQuerySchema.prefault({}),
  /** Verification samples that could not be read (unparsed, out of range, cut off): at least one, or all of them. */
  unparsed: z.enum(["some", "all"]).optional(),
  /** Step values fall by at least this between two neighbouring steps (0..1). */
  valueDrop: z.number().min(0).max(1).optional(),
  /** Verification samples, of one model or of several, name different first errors. */
  disagree: z.boolean().optional(),
  /** For proposals: those that were chosen, or all. */
  proposals: z.enum(["chosen", "all"]).default("chosen"),
  /** How many of them, drawn with a seed; all (at most {@link QUEUE_CAP}) when absent. */
  sample: z.object({ size: z.number().int().min(1).max(QUEUE_CAP), seed: z.number().int() }).optional(),
  /** shuffled (by the seed) keeps gold items from standing out; table keeps the order of the attempts table. */
  order: z.enum(["shuffled", "table"]).default("shuffled"),
  /** Seed of the shuffle, and of where gold items stand. */
  seed: z.number().int().default(1),
});
export type QueueSource = z.infer<typeof queueSourceSchema>;

/** Items whose answer is known, mixed in so that judges cannot tell. */
export const goldSchema = z.object({
  /** Share of the whole queue, 0..0.5. */
  share: z.number().min(0).max(0.5).default(0),
  /** Labels of this source serve; of any source when absent. */
  source: z.string().max(200).optional(),
});
export type GoldChoice = z.infer<typeof goldSchema>;

/** How many gold items stand beside `others` for a share of the whole; rounded, at least one for a share above 0. */
export function goldWanted(others: number, share: number): number {
  return share <= 0 || others === 0 ? 0 : Math.max(1, Math.round((share * others) / (1 - share)));
}
