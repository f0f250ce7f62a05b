import { type ProblemText, userTurn } from "./prompt";
import type { Built } from "./rows";
import type { DatasetSettings, SolveTemplate } from "./settings";

export interface ReflectionCandidate {
  problem: ProblemText;
  attempt: { id: string; sampleIndex: number };
  reflection: { id: string; text: string; reward: number; finishReason: string };
  /** Of the run that sampled the attempt; null for imported ones. */
  template: SolveTemplate | null;
}

/** The model's rewriting of its failed attempt, as it wrote it, as a whole answer to the bare problem. */
export function buildSelfReflection(c: ReflectionCandidate, settings: DatasetSettings): Built {
  const { problem, attempt, reflection } = c;
  if (settings.onlyRight && reflection.reward !== 1) return { dropped: "wrong" };
  if (reflection.finishReason === "length") return { dropped: "cut_off" };
  if (reflection.text.trim() === "") return { dropped: "empty" };
  const template = c.template ?? settings.template;
  return {
    row: {
      problemId: problem.id,
      attemptId: attempt.id,
      proposalId: null,
      decisionId: null,
      reflectionId: reflection.id,
      prompt: userTurn(template, problem),
      completion: reflection.text,
      ends: true,
      meta: {
        template: template.id,
        problem: problem.key,
        sample: attempt.sampleIndex,
        right: reflection.reward === 1,
      },
    },
  };
}
