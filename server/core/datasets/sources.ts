/**
 * Where training rows come from (method.md, "SFT data sources"). The first five are trained on; `hint` makes the prompts of
 * hint-guided RL, whose rows have no completion.
 */
export const SOURCES = ["int", "reference", "r1_think", "r1_summary", "self_reflection", "hint"] as const;
export type Source = (typeof SOURCES)[number];

/** How people read the sources. */
export const SOURCE_LABEL: Record<Source, string> = {
  int: "InT",
  reference: "reference",
  r1_think: "R1 think",
  r1_summary: "R1 summary",
  self_reflection: "self-reflection",
  hint: "hinted prompts",
};

/** What a row of the source is, in one sentence. */
export const SOURCE_SAYS: Record<Source, string> = {
  int: "The correct prefix of a failed attempt and the corrected step in place of its first error. The answer is unfinished, so no end-of-turn token is trained.",
  reference: "The problem's reference solution, as a whole answer.",
  r1_think:
    "The thinking of a stronger model: its answer from the beginning through the first </think>, as it was written. No end-of-turn token is trained, as an answer would follow.",
  r1_summary:
    "What a stronger model wrote after the first </think>, as a whole answer, without the blank lines before it.",
  self_reflection:
    "The model's own rewriting of its whole failed attempt, with the reference at hand. A whole answer.",
  hint: "Prompts for reinforcement learning: the problem with the leading steps of its reference solution, mixed with bare problems. There is nothing to imitate in them: completions are empty.",
};

/** What a source's candidates are, in the plural: the first number of its funnel. */
export const CANDIDATE_WORDS: Record<Source, string> = {
  int: "attempts",
  reference: "problems",
  r1_think: "attempts",
  r1_summary: "attempts",
  self_reflection: "reflections",
  hint: "problems",
};

/** Sources whose candidates are attempts of chosen models (or hang on them). */
export const FROM_ATTEMPTS: ReadonlySet<Source> = new Set(["int", "r1_think", "r1_summary", "self_reflection"]);
