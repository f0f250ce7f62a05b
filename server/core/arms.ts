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

/** The stages of the InT recipe, in order. */
export const INT_STAGES = ["rollout", "grade", "verify", "continue", "keep"] as const;

/** Stages of one run that somebody asks for beside the recipe: samples from a point, step values, scores, rewrites. */
const SAMPLING_TASKS = ["branch", "value", "score", "reflect"] as const;

/** Stages that are one whole: a single item that streams for long and keeps its own place. */
export const WHOLE_TASKS = ["dataset", "import", "export", "publish", "sft", "rl"] as const;

/** What a worker can do. A run is one stage over many items, or one whole task. */
export const STAGES = [...INT_STAGES, ...SAMPLING_TASKS, ...WHOLE_TASKS] as const;
export type Stage = (typeof STAGES)[number];

/** Stages whose input or output are files in the data folder: taken only by workers that share it with the web. */
export const FILE_STAGES: ReadonlySet<Stage> = new Set(["import", "export", "publish", "sft", "rl"]);

/** Recipes that make attempts, verifications or continuations of a study: what its page shows as its runs. */
export const STUDY_RECIPES: readonly string[] = ["int", "verify"];
