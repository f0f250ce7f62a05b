import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { equalAnswers } from "@/server/core/grading/equal";
import { loadMathematics } from "@/server/core/grading/engine";
import { gradeAnswer } from "@/server/usecases/grading/grade";
import { openRows } from "@/server/usecases/importing/open";
import { sharedFile } from "../../import/shared-data";

const solutions = sharedFile("gsm8k_test_model_solutions.jsonl");
test.skipIf(solutions === null)("agrees with the published verdicts of all 5,276 model solutions of GSM8K's test set", async () => {
  const disagree: unknown[] = [];
  let graded = 0;
  for (const line of readFileSync(solutions ?? "", "utf8").trim().split("\n")) {
    const row = JSON.parse(line) as Record<string, unknown> & { ground_truth: string };
    const gold = /A:\s*(.*)$/.exec(row.ground_truth.trim())?.[1] ?? "";
    for (const [model, answer] of Object.entries(row)) {
      if (typeof answer !== "object" || answer === null || !("solution" in answer) || !("is_correct" in answer)) continue;
      graded++;
      const grade = await gradeAnswer(String(answer.solution), gold, { bareAnswers: true, finishReason: "stop" });
      if ((grade.reward === 1) !== answer.is_correct) disagree.push([model, gold, grade]);
    }
  }
  expect(disagree).toEqual([]);
  expect(graded).toBe(5276);
});

const imo = sharedFile("imo_answerbench_v2.csv");

/** The same answer as somebody else would write it. */
function reformatted(answer: string): string {
  return answer
    .replaceAll("$", "")
    .trim()
    .replace(/\\frac(?![A-Za-z])/g, "\\dfrac")
    .replace(/\\d?frac\{(\d+)\}\{(\d+)\}$/, "{$1}/{$2}")
    .replace(/(?<!\\left|\\right)([()])/g, (b) => (b === "(" ? "\\left( " : " \\right)"))
    .replace(/,(?=\S)/g, " , ")
    .replace(/ and /g, " \\text{ and } ")
    .replace(/([a-z])\^(\d)(?!\d)/g, "$1^{$2}")
    .replace(/=/g, " = ");
}

test.skipIf(imo === null)("every IMO-AnswerBench answer equals itself in a box and reformatted, and only two pairs of different spellings are equal", async () => {
  const mathematics = await loadMathematics();
  const answers: string[] = [];
  for await (const row of (await openRows(imo ?? "")).rows()) if ("fields" in row) answers.push(String(row.fields["Short Answer"] ?? "").trim());
  expect(answers.length).toBe(400);
  const wrong: unknown[] = [];
  for (const answer of answers) {
    const own = equalAnswers(answer, answer, mathematics);
    const form = equalAnswers(answer, reformatted(answer), mathematics);
    if (!own.equal || !form.equal) wrong.push([answer, own.reason, reformatted(answer), form.reason]);
    // A brace that is never closed in the file's own answer cannot be boxed.
    const closes = (answer.match(/(?<!\\)\{/g) ?? []).length === (answer.match(/(?<!\\)\}/g) ?? []).length;
    if (!closes) continue;
    const grade = await gradeAnswer(`So \\boxed{${answer}}.`, answer, { bareAnswers: false, finishReason: "stop" });
    if (grade.reward !== 1) wrong.push([answer, grade.reason]);
  }
  expect(wrong).toEqual([]);
  const different = [...new Set(answers)];
  const together = different.flatMap((a, i) => different.slice(i + 1).filter((b) => equalAnswers(a, b, mathematics).equal).map((b) => [a, b]));
  expect(together).toEqual([["$\\frac{1}{2}$", "0.5"], ["$g(n)=n - 1$", "$n-1$"]]);
}, 120_000);
