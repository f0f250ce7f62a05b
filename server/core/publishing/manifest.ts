import { z } from "zod";
import { publishRequestSchema } from "./request";

const count = z.number().int().min(0);

/** manifest.json of a publication: what is in the folder, and a digest to check it by. */
export const publicationManifestSchema = z.object({
  manifest: z.literal("intervene-publication@1"),
  tool: z.string(),
  /** ISO 8601; of an anonymous one the day alone. The only thing that differs when the same is published twice. */
  created: z.string(),
  /** The study's name; "Study" in an anonymous one. */
  study: z.string(),
  request: publishRequestSchema,
  counts: z.object({
    problems: count,
    attempts: count,
    verifications: count,
    proposals: count,
    continuations: count,
    decisions: count,
    /** Decisions that were held back, because their queue is blind and open. */
    withheldDecisions: count,
  }),
  files: count,
  bytes: count,
  /** SHA-256 of files.sha256, which holds the digest of each other file (but for the manifest itself). */
  digest: z.string(),
});
export type PublicationManifest = z.infer<typeof publicationManifestSchema>;

/** run.result of a publication. */
export const publicationResultSchema = z.object({ folder: z.uuid(), manifest: publicationManifestSchema });
export type PublicationResult = z.infer<typeof publicationResultSchema>;

/** What a publication's run is frozen with. */
export const publicationTaskSchema = z.object({ request: publishRequestSchema });
