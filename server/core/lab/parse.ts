/** Read a lab problem back from its text, so that ground truth needs nothing but the row's problem column. */
import { referenceSolution } from "./text";
import type { LabOp, LabProblem, LabStep } from "./world";

const START = /^([A-Z][a-z]+) has (\d+) ([a-z]+)\.$/;
const UNARY = /^([A-Z][a-z]+) has (\d+) (more than|fewer than|times as many as) ([A-Z][a-z]+)\.$/;
const BOTH = /^([A-Z][a-z]+) has as many as ([A-Z][a-z]+) and ([A-Z][a-z]+) together\.$/;
const ASK = /^How many ([a-z]+) does ([A-Z][a-z]+) have\?$/;

/**
 * The problem a text states, solved; or null where the text is not one of the lab's.
 *
 * @param id,level carried into the result; by default "" and "".
 */
export function labProblemFromText(text: string, id = "", level = ""): LabProblem | null {
  const sentences = text.trim().split(/(?<=[.?])\s+/);
  const ask = ASK.exec(sentences.pop() ?? "");
  const first = START.exec(sentences.shift() ?? "");
  if (!ask || !first || sentences.length === 0) return null;
  const start = { name: first[1]!, value: Number(first[2]) };
  const values = new Map([[start.name, start.value]]);
  const steps: LabStep[] = [];
  for (const sentence of sentences) {
    const step = readSentence(sentence, values);
    if (!step) return null;
    values.set(step.name, step.value);
    steps.push(step);
  }
  const last = steps.at(-1)!;
  if (last.name !== ask[2]) return null;
  return {
    id,
    problem: text.trim(),
    answer: String(last.value),
    referenceSolution: referenceSolution(steps),
    level,
    start,
    steps,
  };
}

function readSentence(sentence: string, values: ReadonlyMap<string, number>): LabStep | null {
  const both = BOTH.exec(sentence);
  if (both) {
    const a = values.get(both[2]!);
    const b = values.get(both[3]!);
    if (a === undefined || b === undefined) return null;
    return { name: both[1]!, op: "together", from: [both[2]!, both[3]!], operands: [a, b], value: a + b };
  }
  const m = UNARY.exec(sentence);
  const v = m ? values.get(m[4]!) : undefined;
  if (!m || v === undefined) return null;
  const c = Number(m[2]);
  const op: LabOp = m[3] === "more than" ? "plus" : m[3] === "fewer than" ? "minus" : "times";
  const value = op === "plus" ? v + c : op === "minus" ? v - c : c * v;
  return { name: m[1]!, op, from: [m[4]!], operands: op === "times" ? [c, v] : [v, c], value };
}
