import { type ProblemText, userTurn } from "./prompt";
import type { Built } from "./rows";
import type { DatasetSettings } from "./settings";

/** Reference solution as a whole answer, without blank lines around it. */
export function buildReference(problem: ProblemText, settings: DatasetSettings): Built {
  const completion = problem.reference.trim();
  if (completion === "") return { dropped: "no_reference" };
  const { template } = settings;
  return {
    row: {
      problemId: problem.id,
      attemptId: null,
      proposalId: null,
      decisionId: null,
      reflectionId: null,
      prompt: userTurn(template, problem),
      completion,
      ends: true,
      meta: { template: template.id, problem: problem.key },
    },
  };
}
