import { type AttemptTexts, readOnce } from "@/components/attempt/texts";
import { armStrips } from "@/server/core/arm-strips";
import { splitSteps } from "@/server/core/steps";
import type { AttemptView, ContinuationView } from "@/server/core/views/attempt";
import type { PublishedAttempt, PublishedProblem, PublishedText, PublishedTexts } from "@/server/core/views/publication";
import { fileQuery, queries } from "./data";

/** The attempt as the product's components read it, from its file and its problem's. */
export function attemptOf(study: string, a: PublishedAttempt, p: PublishedProblem): AttemptView {
  const { stage, problemId: _, text, ...attempt } = a.attempt;
  return {
    ...attempt,
    study: { id: "", name: study },
    run: { id: "", stage },
    problem: p.problem,
    steps: splitSteps(text),
    verifications: a.verifications,
    proposals: a.proposals,
    ...armStrips([...p.marks, ...a.marks], a.proposals),
  };
}

/** A long text of an attempt or of its problem: at hand, or in the part that holds it. */
async function textOf(id: string, of: readonly { key: string; texts: PublishedTexts }[]): Promise<PublishedText> {
  for (const { key, texts } of of) {
    const here = texts.texts.find((t) => t.id === id);
    if (here !== undefined) return here;
    const part = texts.parts[id];
    if (part === undefined) continue;
    const found = (await queries.fetchQuery(fileQuery<PublishedText[]>(`${key}.${part}`))).find((t) => t.id === id);
    if (found !== undefined) return found;
  }
  throw new Error("This text is not part of the publication.");
}

/** The long texts beside a published attempt. */
export function textsOf(a: PublishedAttempt, p: PublishedProblem): AttemptTexts {
  const of = [
    { key: `attempt/${a.attempt.id}`, texts: a },
    { key: `problem/${p.problem.id}`, texts: p },
  ];
  const marks = [...a.marks, ...p.marks];
  const continuation = async (id: string): Promise<ContinuationView> => {
    const mark = marks.find((m) => m.id === id);
    const { text, seed = 0, finishReason = "", grade = null } = await textOf(id, of);
    if (mark === undefined) throw new Error("This continuation is not part of the publication.");
    const { arm, sampleIndex, outcome, tokens } = mark;
    return { id, arm, sampleIndex, outcome, tokens, seed, finishReason, grade, steps: splitSteps(text) };
  };
  return {
    continuation: (id) => readOnce(["continuation", id], () => continuation(id)),
    verificationText: (id) => readOnce(["log", id], async () => (await textOf(id, of)).text),
  };
}
