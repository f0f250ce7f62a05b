import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { gradeAnswer } from "@/server/core/grading/grade";
import { normaliseAnswer } from "@/server/core/grading/normalise";
import { openRows } from "@/server/usecases/import-rows";
import { sharedFile } from "../import/shared-data";

const solutions = sharedFile("gsm8k_test_model_solutions.jsonl");
test.skipIf(solutions === null)("agrees with the published verdicts of all 5,276 model solutions of GSM8K's test set", () => {
  const disagree: unknown[] = [];
  let graded = 0;
  for (const line of readFileSync(solutions ?? "", "utf8").trim().split("\n")) {
    const row = JSON.parse(line) as Record<string, unknown> & { ground_truth: string };
    const gold = /A:\s*(.*)$/.exec(row.ground_truth.trim())?.[1] ?? "";
    for (const [model, answer] of Object.entries(row)) {
      if (typeof answer !== "object" || answer === null || !("solution" in answer) || !("is_correct" in answer)) continue;
      graded++;
      const grade = gradeAnswer(String(answer.solution), gold, { bareAnswers: true, finishReason: "stop" });
      if ((grade.reward === 1) !== answer.is_correct) disagree.push([model, gold, grade]);
    }
  }
  expect(disagree).toEqual([]);
  expect(graded).toBe(5276);
});

const imo = sharedFile("imo_answerbench_v2.csv");
test.skipIf(imo === null)("every IMO-AnswerBench answer equals itself in a box, and no two different ones fall together", async () => {
  const rows: Record<string, unknown>[] = [];
  for await (const row of (await openRows(imo ?? "")).rows()) if ("fields" in row) rows.push(row.fields);
  const written = new Map<string, Set<string>>();
  for (const row of rows) {
    const answer = String(row["Short Answer"] ?? "").trim();
    const grade = gradeAnswer(`So \\boxed{${answer}}.`, answer, { bareAnswers: false, finishReason: "stop" });
    // A brace that is never closed in the file's own answer cannot be boxed.
    const closes = (answer.match(/(?<!\\)\{/g) ?? []).length === (answer.match(/(?<!\\)\}/g) ?? []).length;
    if (closes) expect(grade, answer).toMatchObject({ reward: 1 });
    const normal = normaliseAnswer(answer);
    const key = `${normal?.kind} ${normal?.key}`;
    written.set(key, (written.get(key) ?? new Set()).add(answer.replace(/[$\s.]/g, "")));
  }
  expect(rows.length).toBeGreaterThan(390);
  const together = [...written].filter(([key, forms]) => key.startsWith("text") && forms.size > 1).map(([, forms]) => [...forms]);
  // The same value, with and without its name.
  expect(together).toEqual([["g(n)=n-1", "n-1"]]);
});
