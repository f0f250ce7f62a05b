import { z } from "zod";
import { REASONS } from "./reasons";
import { datasetSettingsSchema } from "./settings";
import { SOURCES } from "./sources";

/** Changes whenever the same database could give other rows. */
export const BUILDER_VERSION = "intervene-datasets@1";

const count = z.number().int().min(0);

/**
 * What a data set says of itself, written once when it is ready. Exports carry it as it is and add their own part.
 *
 * counts: candidates = rows + the sum of `dropped`. digest: see {@link canonicalRow} (rows.ts).
 */
export const manifestSchema = z.object({
  format: z.literal("intervene-dataset@1"),
  tool: z.object({ builder: z.string(), grader: z.string() }),
  study: z.string(),
  name: z.string(),
  source: z.enum(SOURCES),
  /** ISO 8601, when the last row was written. */
  builtAt: z.string(),
  /** The model that the data set is meant for; null where the study has none. */
  base: z.object({ id: z.string(), name: z.string(), servedName: z.string() }).nullable(),
  /** Source, filters and ablations, with the templates of the user turns. */
  settings: datasetSettingsSchema,
  counts: z.object({
    /** What candidates are, in the plural: attempts, problems, reflections. */
    of: z.string(),
    candidates: count,
    rows: count,
    /** Different problems and attempts among the rows. */
    problems: count,
    attempts: count,
    dropped: z.array(z.object({ reason: z.enum(REASONS), says: z.string(), count })),
  }),
  /** What people decided about the candidates (source int): how many rows or losses rest on it. */
  decisions: z.object({
    rule: z.string(),
    /** Rows whose intervention people accepted, found at the right step, or rewrote; of these the settled ones. */
    accepted: count,
    located: count,
    edited: count,
    settled: count,
    /** Losses: rejected, no error there, an error at another step, and judges who differ. */
    rejected: count,
    noError: count,
    otherStep: count,
    differ: count,
    /** Rows that nobody has judged: the model's own. */
    undecided: count,
  }),
  /** Runs that the rows' attempts, proposals and reflections came from, with the SHA-256 of their frozen settings (JSON, keys sorted). */
  runs: z.array(z.object({ id: z.string(), stage: z.string(), settingsDigest: z.string(), rows: count })),
  /** Templates of the user turns, with the rows that they made. */
  templates: z.array(z.object({ id: z.string(), rows: count })),
  /** Of the completions, under the base model's tokenizer. */
  tokens: z.object({
    counted: z.boolean(),
    /** Why not, or by which tokenizer. */
    note: z.string(),
    total: count,
    mean: z.number(),
    min: count,
    median: count,
    p90: count,
    max: count,
  }),
  digest: z.object({
    algorithm: z.literal("sha256"),
    /** What it is taken over, in words. */
    over: z.string(),
    value: z.string().regex(/^[0-9a-f]{64}$/),
  }),
});
export type Manifest = z.infer<typeof manifestSchema>;
