/** What an import's run freezes in its settings. */
import { z } from "zod";
import { mappingSchema } from "./mapping";
import { IMPORT_KINDS } from "./record";

/** Part of a dataset's address on the hub: "owner/name", or "name" alone. */
const DATASET = /^\w[\w.-]*(\/\w[\w.-]*)?$/;

export const hubSourceSchema = z.strictObject({
  dataset: z.string().trim().regex(DATASET, { message: 'must be the name of a dataset, like "openai/gsm8k"' }),
  config: z.string().trim().max(200).optional(),
  split: z.string().trim().max(200).optional(),
});
export type HubSource = z.infer<typeof hubSourceSchema>;

/** A file that was handed in, or a dataset of the Hugging Face hub. */
export const importSourceSchema = z.union([
  z.strictObject({ upload: z.uuid() }),
  z.strictObject({ hub: hubSourceSchema }),
]);
export type ImportSource = z.infer<typeof importSourceSchema>;

/** How a source is read; what is left out is found out. */
export const importOptionsSchema = z.object({
  /** Format id; "auto" by the first rows. */
  format: z.string().max(100).default("auto"),
  as: z.enum(IMPORT_KINDS).optional(),
  /** By default named after the file. */
  problemSet: z.string().trim().max(200).optional(),
  mapping: mappingSchema.default({}),
});
export type ImportOptions = z.infer<typeof importOptionsSchema>;

export const importSettingsSchema = importOptionsSchema.extend({
  source: importSourceSchema,
  /** The source's name as people know it. */
  name: z.string(),
  study: z.string(),
});
export type ImportTaskSettings = z.infer<typeof importSettingsSchema>;

/** A dataset's name as people write it: "owner/name", "owner/name:config:split". */
export function hubName(hub: HubSource): string {
  return [hub.dataset, ...(hub.config || hub.split ? [hub.config || "default"] : []), ...(hub.split ? [hub.split] : [])].join(":");
}

/** The same, read: "owner/name:config:split". */
export function hubOf(text: string): HubSource {
  const [dataset = "", config = "", split = ""] = text.split(":").map((part) => part.trim());
  return { dataset, ...(config === "" ? {} : { config }), ...(split === "" ? {} : { split }) };
}
