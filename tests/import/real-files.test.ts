import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { splitSteps } from "@/server/core/steps";
import { importFile } from "@/server/usecases/import-file";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { sharedFile } from "./shared-data";

let db: TestDatabase;
let reports: string;
beforeAll(async () => {
  reports = mkdtempSync(path.join(tmpdir(), "intervene-import-"));
  db = await createTestDatabase("import real files");
});
afterAll(async () => {
  await db.close();
  rmSync(reports, { recursive: true, force: true });
});

const run = (file: string, study: string, more: object = {}) =>
  importFile({ pool: db.pool, reports }, { file, study, ...more });
const count = async (sql: string, ...values: unknown[]) =>
  Number((await db.pool.query<{ n: string }>(`SELECT count(*) AS n FROM ${sql}`, values)).rows[0]?.n);

const problems = sharedFile("gsm8k_test.jsonl") ?? "";
const solutions = sharedFile("gsm8k_test_model_solutions.jsonl") ?? "";
const imo = sharedFile("imo_answerbench_v2.csv") ?? "";
const traces = ["multistep_arithmetic", "logical_deduction"].map(
  (n) => sharedFile(`bigbench_mistake_${n}.jsonl`) ?? "",
);

describe.skipIf(!problems || !solutions)("GSM8K", () => {
  test("1,319 problems, then 5,276 attempts of four models on the same problems, and nothing the second time", async () => {
    const first = await run(problems, "gsm8k");
    expect(first).toMatchObject({ format: "gsm8k", problems: { added: 1319, present: 0 }, rows: { bad: 0 } });
    const second = await run(solutions, "gsm8k");
    expect(second).toMatchObject({
      format: "gsm8k-solutions",
      problemSet: first.problemSet,
      problems: { added: 0, present: 1319 },
      attempts: { added: 5276, present: 0 },
      rows: { read: 1319, used: 1319, bad: 0 },
    });
    expect(second.models).toEqual(["6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification"]);
    expect(second.grades.sameAsFile + second.grades.otherThanFile).toBe(5276);
    // Every verdict of the file is reproduced: "10,800" and "10800" are one answer.
    expect(second.differences).toEqual([]);
    expect(second.grades).toEqual({ right: 2001, wrong: 3275, sameAsFile: 5276, otherThanFile: 0 });

    const again = await run(solutions, "gsm8k");
    expect(again).toMatchObject({ attempts: { added: 0, present: 5276 }, problems: { added: 0, present: 1319 } });
    expect(await run(problems, "gsm8k")).toMatchObject({ problems: { added: 0, present: 1319 } });
    expect(await count("problem")).toBe(1319);
    expect(await count("attempt")).toBe(5276);
    expect(await count("grade")).toBe(5276);
    const runs = await db.pool.query("SELECT stage, state, total, done, failed FROM run ORDER BY id");
    expect(runs.rows).toEqual(Array(4).fill({ stage: "import", state: "done", total: 1319, done: 1319, failed: 0 }));
  });

  test("lines are steps, and references have no calculator marks", async () => {
    const found = await db.pool.query<{ reference: string; answer: string; text: string; steps: number }>(
      `SELECT p.reference, p.answer, a.text, a.steps FROM problem p JOIN attempt a ON a.problem_id = p.id
       JOIN model m ON m.id = a.model_id WHERE p.ordinal = 0 AND m.name = '6b_verification'`,
    );
    const row = found.rows[0];
    expect(row?.answer).toBe("18");
    expect(splitSteps(row?.reference ?? "")).toEqual([
      "Janet sells 16 - 3 - 4 = 9 duck eggs a day.",
      "She makes 9 * 2 = $18 every day at the farmer’s market.",
    ]);
    expect(row?.steps).toBe(5);
    expect(splitSteps(row?.text ?? "")).toHaveLength(5);
    expect(splitSteps(row?.text ?? "").at(-1)).toBe("A: 224");
  });
});

test.skipIf(!imo)("IMO-AnswerBench: 400 problems out of CSV, once", async () => {
  expect(await run(imo, "imo")).toMatchObject({
    format: "imo-answerbench",
    problems: { added: 400, present: 0 },
    rows: { read: 400, bad: 0 },
    notKept: ["category", "subcategory", "source"],
    // Problem 036 of the published file lacks a closing quotation mark.
    repairedRows: [{ row: 36 }],
  });
  const repaired = await db.pool.query("SELECT statement, answer FROM problem WHERE key = 'imo-bench-algebra-036'");
  expect(repaired.rows[0].answer).toBe("$Y(x)=A+\\frac{B}{x}-x$");
  expect(repaired.rows[0].statement).toMatch(/\\]$/);
  expect(await run(imo, "imo")).toMatchObject({ problems: { added: 0, present: 400 } });
});

test.skipIf(traces.includes(""))("BIG-Bench Mistake: 300 + 300 traces with the step that people found", async () => {
  for (const file of traces) {
    expect(await run(file, "mistakes")).toMatchObject({
      format: "bigbench-mistake",
      problems: { added: 300 },
      attempts: { added: 300 },
      labels: 300,
      rows: { bad: 0 },
    });
    expect(await run(file, "mistakes")).toMatchObject({ attempts: { added: 0, present: 300 }, labels: 0 });
    // Every label is the file's mistake_index + 1, on a step that is there.
    const rows = readFileSync(file, "utf8").trim().split("\n");
    for (const line of rows.filter((_, i) => i % 50 === 0)) {
      const { input, steps, mistake_index } = JSON.parse(line) as {
        input: string;
        steps: string[];
        mistake_index: number | null;
      };
      const found = await db.pool.query(
        `SELECT l.first_error, a.steps, a.text FROM label l JOIN attempt a ON a.id = l.attempt_id
         JOIN problem p ON p.id = a.problem_id WHERE p.statement = $1`,
        [input],
      );
      expect(found.rows).toEqual([
        {
          first_error: mistake_index === null ? null : mistake_index + 1,
          steps: steps.length,
          text: steps.map((s) => s.trim()).join("\n\n"),
        },
      ]);
    }
  }
  expect(await count("label WHERE first_error IS NULL")).toBe(62 + 6);
});
