import { z } from "zod";
import { exportManifestSchema } from "./manifest";
import { exportRequestSchema } from "./request";

/** Where on the hub an export goes. The token is not part of it: see server/usecases/exports/token.ts. */
export const pushSchema = z.object({
  /** OWNER/NAME of a dataset repository; made when there is none. */
  repo: z
    .string()
    .regex(
      /^(?!.*(--|\.\.))[A-Za-z0-9][\w.-]{0,95}\/[A-Za-z0-9][\w.-]{0,95}$/,
      'must be OWNER/NAME, e.g. "my-team/int-rows"',
    )
    .refine((repo) => !/(\.git|[.-])$/.test(repo), 'must not end in ".git", "-" or "."'),
  /** Visible to its owner's team alone. */
  private: z.boolean().default(true),
});
export type Push = z.infer<typeof pushSchema>;

/** What an export run is frozen with: write (and push), or push what an earlier run wrote. */
export const exportTaskSchema = z.discriminatedUnion("task", [
  z.object({ task: z.literal("write"), request: exportRequestSchema, push: pushSchema.nullable() }),
  z.object({ task: z.literal("push"), of: z.uuid(), push: pushSchema }),
]);
export type ExportTask = z.infer<typeof exportTaskSchema>;

/** run.result of an export: what the page shows and what can be downloaded. */
export const exportResultSchema = z.object({
  /** The run whose folder holds the files. */
  folder: z.uuid(),
  /** All files of the folder, the data files first. */
  files: z.array(z.object({ name: z.string(), bytes: z.number() })),
  manifest: exportManifestSchema.omit({ dataset: true }),
  /** How to read it: code to paste. */
  load: z.string(),
  pushed: z.object({ repo: z.string(), url: z.string(), commit: z.string() }).nullable(),
});
export type ExportResult = z.infer<typeof exportResultSchema>;
