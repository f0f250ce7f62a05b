import { fillTemplate, numberSteps, type PromptTemplate, type TemplateFields } from "../../core/prompts/template";
import type { Sampling } from "../../core/settings";
import { splitSteps } from "../../core/steps";
import type { ChatMessage } from "../../inference/types";
import type { ProblemText } from "../../store/read/stage-input";
import { sampleMissing } from "./sample";
import type { StageContext } from "./stage";

/** Fields of a template from a problem, and from an attempt where there is one. */
export function fieldsOf(template: PromptTemplate, problem: ProblemText, attempt?: string): TemplateFields {
  const fields: TemplateFields = {
    problem: problem.statement,
    answer: problem.answer,
    reference: problem.reference,
    numbered_reference: numberSteps(splitSteps(problem.reference), template.stepLabel),
  };
  if (attempt === undefined) return fields;
  return { ...fields, attempt, numbered_attempt: numberSteps(splitSteps(attempt), template.stepLabel) };
}

/**
 * The conversation up to the last user turn. The answers to the turns before it are sampled once per target, and stay
 * in the conversation (method.md, "The pipeline", 4: the model first solves the problem, then checks the attempt).
 *
 * @param turnSeed seed of the answer to the turn of that number (from 0).
 */
export async function converse(
  ctx: StageContext,
  o: {
    template: PromptTemplate;
    fields: TemplateFields;
    sampling: Sampling;
    turnSeed: (turn: number) => number;
    what: string;
  },
): Promise<ChatMessage[]> {
  const messages: ChatMessage[] = [];
  for (const [turn, { text }] of o.template.turns.entries()) {
    messages.push({ role: "user", content: fillTemplate(text, o.fields) });
    if (turn === o.template.turns.length - 1) break;
    const { samples } = await sampleMissing(ctx, {
      messages,
      answerSoFar: "",
      sampling: o.sampling,
      seed: o.turnSeed(turn),
      count: 1,
      made: new Set(),
      what: o.what,
    });
    messages.push({ role: "assistant", content: samples[0]?.text ?? "" });
  }
  return messages;
}
