/** What to clone: models fine-tuned on the variants of the InT data set (method.md, "What users compare"). */
import type { ArmSummary } from "../statistics/armTable";
import type { Tested } from "./conditioning";

/** The variants that the paper compares; a data set with several of these options is "other". */
export const VARIANTS = ["filtered", "unfiltered", "without_prefix", "with_suffix", "other"] as const;
export type Variant = (typeof VARIANTS)[number];
export const VARIANT_LABEL: Record<Variant, string> = {
  filtered: "prefix + intervention, filtered",
  unfiltered: "prefix + intervention, unfiltered",
  without_prefix: "intervention without the prefix",
  with_suffix: "prefix + intervention + suffix",
  other: "several at once",
};

/** The variant that a data set's options make. */
export function variantOf(o: { unfiltered: boolean; withoutPrefix: boolean; withSuffix: boolean }): Variant {
  const set = [o.unfiltered, o.withoutPrefix, o.withSuffix].filter(Boolean).length;
  if (set === 0) return "filtered";
  if (set > 1) return "other";
  return o.unfiltered ? "unfiltered" : o.withoutPrefix ? "without_prefix" : "with_suffix";
}

export interface AblationOutcome extends ArmSummary {
  modelId: string;
  /** Less the first filtered model, on the problems that both have; null for that model itself, and where there is none. */
  coverageDifference: Tested | null;
  accuracyDifference: Tested | null;
}
