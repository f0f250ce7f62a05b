/** What a continuation is conditioned on (method.md, "The objects"). The order is the order of the conditioning table. */
export const ARMS = ["problem", "prefix", "original", "intervention", "hint", "hint_intervention"] as const;
export type Arm = (typeof ARMS)[number];

/** How people read the arms. */
export const ARM_LABEL: Record<Arm, string> = {
  problem: "problem",
  prefix: "+ prefix",
  original: "+ prefix + original step",
  intervention: "+ prefix + intervention",
  hint: "hint",
  hint_intervention: "hint + intervention",
};

export const OUTCOMES = ["success", "failure", "no_answer", "cut_off"] as const;
/** How a sample ended: graded right, graded wrong, no final answer found, or stopped at the token limit without one. */
export type Outcome = (typeof OUTCOMES)[number];

/** The stages of the InT recipe, in order. A run is one of them. */
export const STAGES = ["rollout", "grade", "verify", "continue", "keep"] as const;
export type Stage = (typeof STAGES)[number];
