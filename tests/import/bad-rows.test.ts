import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { importFile } from "@/server/usecases/importing/import-file";
import { createTestDatabase, type TestDatabase } from "../support/database";

let db: TestDatabase;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "intervene-import-"));
  db = await createTestDatabase("import bad rows");
});
afterAll(async () => {
  await db.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (file: string, study: string, more: object = {}) =>
  importFile({ pool: db.pool, reports: path.join(folder, "reports") }, { file, study, ...more });

function write(name: string, content: string | Buffer | (string | Buffer)[]): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, Buffer.concat([content].flat().map((c) => Buffer.from(c))));
  return file;
}

const line = (value: unknown) => `${JSON.stringify(value)}\n`;
const rows = async (sql: string, ...values: unknown[]) => (await db.pool.query(sql, values)).rows;

describe("a bad row costs itself alone", () => {
  test("JSON lines", async () => {
    const file = write("mixed.jsonl", [
      "\uFEFF",
      line({ problem: "1 + 1?", answer: 2 }),
      "\n",
      '{"problem": "cut off", "ans\n',
      Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d, 0x0a]),
      line({ problem: "no answer" }),
      line({ problem: "", answer: "1" }),
      line({ problem: "nul", answer: "a\0b" }),
      line({ problem: "half \ud800", answer: "1" }),
      line(["not", "an", "object"]),
      line({ problem: { text: "deep" }, answer: "1" }),
      line({ problem: "2 + 2?", answer: ["4"] }).replace("\n", "\r\n"),
      JSON.stringify({ problem: "no newline at the end", answer: "5" }),
    ]);
    const report = await run(file, "mixed");
    expect(report).toMatchObject({ format: "problems", rows: { read: 12, used: 3, bad: 9 }, problems: { added: 3 } });
    expect(report.badRows).toEqual([
      { row: 2, field: "row", reason: "is empty" },
      { row: 3, field: "row", reason: expect.stringContaining("is not JSON") },
      { row: 4, field: "row", reason: "is not UTF-8" },
      { row: 5, field: "answer", reason: "is missing" },
      { row: 6, field: "problem", reason: "is empty" },
      { row: 7, field: "answer", reason: expect.stringContaining("NUL") },
      { row: 8, field: "problem", reason: expect.stringContaining("surrogate") },
      { row: 9, field: "row", reason: "is not a JSON object" },
      { row: 10, field: "problem", reason: "must be text, but is an object" },
    ]);
    const told = readFileSync(report.reportFile ?? "", "utf8")
      .trim()
      .split("\n")
      .map((l) => JSON.parse(l));
    expect(told).toHaveLength(9);
    expect(told[2]).toEqual({ kind: "bad_row", row: 4, field: "row", reason: "is not UTF-8" });
    expect(await rows("SELECT statement, answer, ordinal FROM problem ORDER BY ordinal")).toEqual([
      { statement: "1 + 1?", answer: "2", ordinal: 0 },
      { statement: "2 + 2?", answer: "4", ordinal: 1 },
      { statement: "no newline at the end", answer: "5", ordinal: 2 },
    ]);
  });

  test("CSV, under the names that people give the fields", async () => {
    const file = write("set.csv", [
      'Problem,Short Answer,Pass-Rate,solution\n"What is $1,000$\nhalved?",500,0.25,"Halve it.\n\nIt is 500."\n',
      "too,few\n",
      Buffer.from([0xc3, 0x28, 0x2c, 0x31, 0x2c, 0x2c, 0x0a]),
      ",7,,\n",
      '"A ""quoted"" word",7,,\n',
      '"never closed,1,,\n',
    ]);
    const report = await run(file, "csv");
    expect(report).toMatchObject({ format: "problems", rows: { used: 2, bad: 4 } });
    expect(report.badRows.map((b) => [b.row, b.field])).toEqual([
      [2, "row"],
      [3, "row"],
      [4, "problem"],
      [6, "row"],
    ]);
    const found = await rows(
      "SELECT p.* FROM problem p JOIN study s ON s.id = p.study_id WHERE s.name = 'csv' ORDER BY ordinal",
    );
    expect(found).toMatchObject([
      {
        statement: "What is $1,000$\nhalved?",
        answer: "500",
        difficulty: "0.25",
        reference: "Halve it.\n\nIt is 500.",
      },
      { statement: 'A "quoted" word', answer: "7", reference: "" },
    ]);
  });

  test("labels that point nowhere, and traces without them", async () => {
    const trace = {
      input: "1 + 2 + 3 =",
      steps: ["1 + 2 = 4.", "4 + 3 = 7. So the answer is 7"],
      target: "6",
      answer: "7",
    };
    const file = write("traces.jsonl", [
      line({ ...trace, mistake_index: 0 }),
      line({ ...trace, input: "other", mistake_index: 2 }),
      line({ ...trace, input: "another", mistake_index: "0" }),
      line({ ...trace, input: "third", steps: ["one", " "], mistake_index: null }),
    ]);
    const report = await run(file, "traces");
    expect(report).toMatchObject({ rows: { used: 1, bad: 3 }, labels: 1 });
    expect(report.badRows.map((b) => b.field)).toEqual(["mistake_index", "mistake_index", "steps[1]"]);
  });

  test("one id for two problems, one problem with two answers", async () => {
    const file = write("ids.jsonl", [
      line({ id: "a", problem: "first", answer: "1" }),
      line({ id: "a", problem: "second", answer: "2" }),
      line({ id: "b", problem: "third", answer: "3" }),
      line({ id: "b", problem: "third", answer: "4" }),
    ]);
    const report = await run(file, "ids");
    expect(report.badRows.map((b) => [b.row, b.field])).toEqual([
      [2, "id"],
      [4, "answer"],
    ]);
    const later = write("later/ids.jsonl", line({ id: "a", problem: "changed", answer: "1" }));
    expect((await run(later, "ids")).badRows).toMatchObject([{ row: 1, field: "id" }]);
  });

  test("another text in an attempt's place is told, not swapped", async () => {
    const attempt = (text: string) => line({ problem: "p", answer: "1", attempt: text, model: "m" });
    const first = write("one/attempts.jsonl", attempt("\\boxed{1}") + attempt("\\boxed{2}"));
    expect(await run(first, "places")).toMatchObject({ attempts: { added: 2 }, grades: { right: 1, wrong: 1 } });
    const second = write("two/attempts.jsonl", attempt("\\boxed{1}") + attempt("\\boxed{3}") + attempt("\\boxed{4}"));
    const report = await run(second, "places");
    expect(report).toMatchObject({ attempts: { added: 1, present: 1 }, badRows: [{ row: 2, field: "m" }] });
    expect(
      await rows("SELECT text FROM attempt JOIN model m ON m.id = model_id WHERE m.name = 'm' ORDER BY sample_index"),
    ).toEqual([{ text: "\\boxed{1}" }, { text: "\\boxed{2}" }, { text: "\\boxed{4}" }]);
  });
});

test("InT-SFT rows bring attempt, verification and proposal", async () => {
  const attempt = "Let $x = 2$.\n\nThen $x^2 = 5$.\n\nSo \\boxed{5}.";
  const row = {
    problem: "What is $2^2$?",
    answer: "4",
    reference_solution: "Two twos are four.",
    reference_solution_source: "human",
    incorrect_attempt: attempt,
    self_verify_output:
      'Substep 1 is correct.\n\n<intervention>{"content": "Multiply again: $2\\\\cdot 2$.", "location": 2}</intervention>',
    self_proposed_intervention: { content: "Multiply again: $2\\cdot 2$.", location: 2 },
    intervention_guided_attempt: "Let $x = 2$.\n\nMultiply again: $2\\cdot 2$.",
  };
  const file = write("int.jsonl", [
    line(row),
    line({ ...row, problem: "other", self_proposed_intervention: { content: "x", location: 9 } }),
  ]);
  const report = await run(file, "int-sft");
  expect(report).toMatchObject({
    format: "int-sft",
    rows: { used: 1, bad: 1 },
    verifications: 1,
    proposals: 1,
    grades: { right: 0, wrong: 1 },
  });
  expect(await run(file, "int-sft")).toMatchObject({
    attempts: { added: 0, present: 1 },
    verifications: 0,
    proposals: 0,
  });
  const found = await rows(
    `SELECT a.steps, p.content, p.location, p.chosen, p.kept, p.leak_equivalent, v.outcome, v.text FROM proposal p
     JOIN verification v ON v.id = p.verification_id JOIN attempt a ON a.id = p.attempt_id`,
  );
  expect(found).toEqual([
    {
      steps: 3,
      content: "Multiply again: $2\\cdot 2$.",
      location: 2,
      chosen: true,
      kept: null,
      leak_equivalent: false,
      outcome: "proposed",
      text: row.self_verify_output,
    },
  ]);
});

test("what the database cannot hold costs its row alone, wherever it stands", async () => {
  const row = { problem: "p", answer: "1", attempt: "\\boxed{1}", model: "m" };
  const file = write("storable.jsonl", [
    line(row),
    line({ ...row, model: "a\0b" }),
    line({ ...row, model: "m".repeat(3000) }),
    line({ ...row, id: "k".repeat(3000) }),
    line({ ...row, problem: "half \udc00" }),
    line({ ...row, is_correct: "ma\0ybe" }),
    line({ ...row, "field\0": 1, "\ud800": 2 }),
  ]);
  const report = await run(file, "storable");
  expect(report).toMatchObject({ rows: { used: 2, bad: 5 }, attempts: { added: 2 } });
  expect(report.badRows.map((b) => [b.row, b.field])).toEqual([
    [2, "model"],
    [3, "model"],
    [4, "id"],
    [5, "problem"],
    [6, "is_correct"],
  ]);
  // The report can be kept in the database, too.
  await db.pool.query("SELECT $1::jsonb", [JSON.stringify(report)]);
  const inspect = write("storable2.jsonl", [
    line({ input: "q", target: "1", epoch: 1, output: { choices: [{ message: { role: "assistant", content: "1" } }] }, eval: { model: "x\0", task: "t\0" } }),
  ]);
  expect(await run(inspect, "storable")).toMatchObject({ format: "inspect", rows: { used: 0, bad: 1 } });
});

test("a column that is no model's name does not make a model of each row", async () => {
  const rows = Array.from({ length: 1100 }, (_, i) => line({ problem: "p", answer: "1", attempt: "\\boxed{1}", model: `id-${i}` }));
  const report = await run(write("models.jsonl", rows), "models");
  expect(report).toMatchObject({ rows: { used: 1000, bad: 100 }, badRows: expect.arrayContaining([{ row: 1001, field: "model", reason: expect.stringContaining("is that the model's name?") }]) });
});

describe("files and options that cannot be used", () => {
  test.each([
    ["gzip", Buffer.from([0x1f, 0x8b, 8, 0]), /gzip file ends too early/],
    ["empty.jsonl", " \n\n", /is empty/],
    ["unknown.jsonl", '{"text": "hello"}\n', /format of .* is not known: .*text/],
    ["rows.parquet", "PAR1....", /cannot be read as Parquet .* cut off/],
    ["log.eval", Buffer.from("PK\u0003\u0004...."), /cannot be read as a zip archive/],
    ["utf16.csv", Buffer.from("\ufeffproblem,answer\n", "utf16le"), /UTF-16/],
  ])("%s", async (name, content, message) => {
    await expect(run(write(name, content), "none")).rejects.toThrow(message);
    expect(await rows("SELECT 1 FROM study WHERE name = 'none'")).toEqual([]);
  });

  test("what a format does not hold", async () => {
    const file = write("problems.jsonl", line({ problem: "p", answer: "1" }));
    await expect(run(file, "none", { as: "traces" })).rejects.toThrow(/hold problems.*cannot be imported as traces/);
    await expect(run(file, "none", { format: "gsm9k" })).rejects.toThrow(/no format "gsm9k"/);
  });

  test("--as takes less than a file holds", async () => {
    const file = write("less.jsonl", line({ problem: "p", answer: "1", attempt: "\\boxed{1}" }));
    expect(await run(file, "less", { as: "problems" })).toMatchObject({
      problems: { added: 1 },
      attempts: { added: 0 },
    });
  });
});

test("a stopped import keeps what it wrote, and importing again goes on", async () => {
  const file = write(
    "long.jsonl",
    Array.from({ length: 1200 }, (_, i) => line({ problem: `p${i}`, answer: "1", attempt: `\\boxed{${i}}` })),
  );
  const stop = new AbortController();
  const stopped = importFile(
    { pool: db.pool, reports: folder, signal: stop.signal, onProgress: () => stop.abort() },
    { file, study: "stopped" },
  );
  await expect(stopped).rejects.toThrow(/stopped after 400 rows/);
  expect(await run(file, "stopped")).toMatchObject({ attempts: { added: 800, present: 400 } });
  expect(
    await rows(
      "SELECT count(*)::int AS n, count(DISTINCT problem_id)::int AS p FROM attempt JOIN run r ON r.id = run_id JOIN study s ON s.id = r.study_id WHERE s.name = 'stopped'",
    ),
  ).toEqual([{ n: 1200, p: 1200 }]);
});
