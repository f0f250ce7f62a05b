import { datasetOptionsSchema } from "../datasets/settings";

/** What a data set leaves out or adds beside its source as the paper has it; "" for nothing. */
export function variantOf(settings: unknown): string {
  const parsed = datasetOptionsSchema.partial().safeParse(settings);
  if (!parsed.success) return "";
  const o = parsed.data;
  return [
    o.source === "int" && o.withoutPrefix === true && "without prefix",
    o.source === "int" && o.withSuffix === true && "with suffix",
    o.source === "int" && o.unfiltered === true && "unfiltered",
    o.source === "int" && o.decisions === "only" && "judged by people",
    (o.source === "r1_think" || o.source === "r1_summary" || o.source === "self_reflection") && o.onlyRight === false && "wrong ones too",
  ]
    .filter((word) => word !== false)
    .join(", ");
}
