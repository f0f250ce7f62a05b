/**
 * Label sampled attempts by ground truth. Standard input: JSONL {problem, attempt}; standard output, line by line:
 * {right, firstWrong, steps, prompt, hint, verify, reflect}: prompt and hint are user turns, verify and reflect
 * training conversations (null where there is none).
 * Usage: tsx workers/lab/label-attempts.ts < IN > OUT
 */
import { createInterface } from "node:readline";
import {
  hintConversation,
  reflectConversation,
  verifyConversation,
  verifyPrompt,
} from "../../server/core/lab/conversations";
import { labProblemFromText } from "../../server/core/lab/parse";
import { firstWrongStep } from "../../server/core/lab/truth";
import { splitSteps } from "../../server/core/steps";

interface Row {
  readonly problem: string;
  readonly attempt: string;
}

const out: string[] = [];
for await (const line of createInterface({ input: process.stdin })) {
  if (!line) continue;
  const row = JSON.parse(line) as Row;
  const problem = labProblemFromText(row.problem);
  if (!problem) throw new Error(`not a lab problem: ${row.problem}`);
  const boxed = /\\boxed\{(\d+)\}(?![\s\S]*\\boxed)/.exec(row.attempt)?.[1];
  const right = boxed === problem.answer;
  const firstWrong = firstWrongStep(problem, row.attempt);
  out.push(
    JSON.stringify({
      right,
      firstWrong,
      steps: splitSteps(row.attempt).length,
      prompt: verifyPrompt(problem, row.attempt),
      hint: hintConversation(problem, Math.max(1, problem.steps.length >> 1)).user,
      verify: verifyConversation(problem, row.attempt),
      reflect: right ? null : reflectConversation(problem, row.attempt),
    }),
  );
  if (out.length >= 1000) process.stdout.write(`${out.splice(0).join("\n")}\n`);
}
if (out.length > 0) process.stdout.write(`${out.join("\n")}\n`);
