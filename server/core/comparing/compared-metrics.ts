/** Metrics of which trainings are compared, by kind, in the order of their charts; the names are the trainers' own. */
export const COMPARED_METRICS = {
  grpo: ["reward", "frac_no_success", "frac_zero_advantage", "entropy", "completions/mean_length"],
  sft: ["loss", "eval_loss", "entropy"],
} as const;

/** All of them, each once. */
export const ALL_COMPARED_METRICS: readonly string[] = [...new Set<string>([...COMPARED_METRICS.grpo, ...COMPARED_METRICS.sft])];
