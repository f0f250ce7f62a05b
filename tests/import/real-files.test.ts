import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { splitMath } from "@/components/text/math";
import { gsm8kSolutions } from "@/server/core/importing/gsm8k";
import type { Fields } from "@/server/core/importing/record";
import { splitSteps } from "@/server/core/steps";
import { attemptQuerySchema } from "@/server/core/views/attempts";
import { importFile } from "@/server/usecases/importing/import-file";
import { readAttempt } from "@/server/usecases/pages/attempt";
import { readAttemptCount, readAttempts } from "@/server/usecases/pages/attempts";
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
    expect(second.grades).toEqual({ right: 2001, wrong: 3275, none: 0, sameAsFile: 5276, otherThanFile: 0 });

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

  test("money is not typeset as mathematics: none of the 29,279 steps holds any", () => {
    let steps = 0;
    for (const line of readFileSync(solutions, "utf8").trim().split("\n")) {
      const { problem, attempts } = gsm8kSolutions.map(JSON.parse(line) as Fields);
      if ("ids" in problem) throw new Error("GSM8K's rows hold their problems");
      for (const text of [problem.statement, problem.reference, ...attempts.map((a) => a.text)]) {
        for (const step of splitSteps(text)) {
          steps += 1;
          expect(splitMath(step).filter((piece) => piece.kind !== "text")).toEqual([]);
        }
      }
    }
    expect(steps).toBe(29_279);
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

  // It opens on the pages of every other attempt: steps, the people's step, the grade.
  const query = attemptQuerySchema.parse({});
  expect(await readAttemptCount(db, { study: "mistakes", query })).toEqual({ count: 600, more: false });
  const [row] = (await readAttempts(db, { study: "mistakes", query })).rows;
  expect(row).toMatchObject({ reward: 0, steps: 5, label: 4 });
  const page = await readAttempt(db, { study: "mistakes", attempt: row?.id ?? "" });
  expect(page).toMatchObject({
    model: "PaLM 2-L (BIG-Bench Mistake)",
    run: { stage: "import" },
    labels: [{ source: "people (BIG-Bench Mistake)", firstError: 4 }],
    grade: { extracted: "1244" },
    problem: { answer: "-2116" },
    reward: 0,
  });
  expect(page.steps).toHaveLength(5);
  expect(page.steps[3]).toMatch(/^Let's calculate C/);
});
