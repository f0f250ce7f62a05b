import { z } from "zod";
import { FILE_KINDS } from "./format";
import { filtersSchema, whatSchema } from "./request";

const count = z.number().int().min(0);

/** manifest.json of an export: what was written, from what, by which rules, and digests to check it by. */
export const exportManifestSchema = z.object({
  manifest: z.literal("intervene-export@1"),
  tool: z.string(),
  /** ISO 8601. */
  created: z.string(),
  study: z.string(),
  what: whatSchema,
  format: z.object({ id: z.string(), label: z.string(), source: z.string(), file: z.enum(FILE_KINDS) }),
  filters: filtersSchema,
  /** The model that the rows are meant for (training) or come from; "" when there is none or several. */
  baseModel: z.string(),
  /** What is in it, for whoever it is handed to. */
  holds: z.array(z.string()),
  judges: z.enum(["none", "pseudonyms", "names"]),
  openBlindQueues: z.array(z.string()),
  counts: z.object({
    /** Rows of the source after the filters = rows + skipped. */
    read: count,
    rows: count,
    skipped: z.array(z.object({ reason: z.string(), count })),
    /** Decisions that were held back, because their queue is blind and open. */
    withheldDecisions: count,
    /** Different ones among the rows, where the rows tell. */
    problems: count.nullable(),
    attempts: count.nullable(),
    judges: count.nullable(),
    /** Labelled steps: rows by who located the error. */
    labels: z.record(z.string(), count),
    /** Rows whose assistant turn does not end. */
    unfinished: count,
  }),
  notes: z.array(z.string()),
  files: z.array(z.object({ name: z.string(), rows: count, bytes: count, sha256: z.string() })),
  /** SHA-256 over the lines "sha256  name" of the data files, in the order of their names. */
  digest: z.string(),
  /** The data set's own manifest as its builder wrote it (server/core/datasets/manifest.ts), when one is exported. */
  dataset: z.unknown(),
});
export type ExportManifest = z.infer<typeof exportManifestSchema>;

const WHAT_TABLES_HOLD: Record<string, string> = {
  problems: "Problems with their answers and reference solutions.",
  attempts: "Problems with their answers, and attempts that models wrote.",
  grades: "Grades of attempts and continuations with the answers taken from them.",
  verifications: "Verifications that models wrote about attempts.",
  proposals: "Problems with their answers, and interventions that models and people wrote.",
  continuations: "Continuations that models wrote.",
  decisions: "What people decided about attempts and interventions, with their notes as they wrote them.",
  scores: "Texts' tokens with their log-probabilities under models.",
  dataset: "Training rows: prompts with problems, and completions that models and people wrote.",
};

/** What an export holds, in sentences. */
export function whatItHolds(source: string, shape: string, judges: ExportManifest["judges"]): string[] {
  const holds =
    shape === "steps"
      ? "Problems with their answers, attempts that models wrote, and the first wrong step as people or models located it."
      : (WHAT_TABLES_HOLD[source] ?? "");
  if (judges === "none") return [holds];
  const who =
    judges === "names"
      ? "Judges appear by name."
      : "Judges appear under pseudonyms that are the same in every export of this database.";
  return [holds, who];
}
