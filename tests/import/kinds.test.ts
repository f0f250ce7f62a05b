import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { importFile } from "@/server/usecases/importing/import-file";
import { regradeStudy } from "@/server/usecases/regrade";
import { createTestDatabase, type TestDatabase } from "../support/database";

/** What becomes of attempts whose file lacks something: the answer, the problem, the names of columns we know. */
let db: TestDatabase;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "intervene-kinds-"));
  db = await createTestDatabase("import kinds");
});
afterAll(async () => {
  await db.close();
  rmSync(folder, { recursive: true, force: true });
});

const fixture = (name: string) => path.join(import.meta.dirname, "fixtures", name);
const run = (file: string, study: string, more: object = {}) =>
  importFile({ pool: db.pool, reports: path.join(folder, "reports") }, { file, study, ...more });
const rows = async (sql: string, ...values: unknown[]) => (await db.pool.query(sql, values)).rows;
function write(name: string, values: readonly unknown[]): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, values.map((v) => `${JSON.stringify(v)}\n`).join(""));
  return file;
}
const attemptsOf = (study: string) =>
  rows(
    `SELECT m.name AS model, a.reward, a.finish_reason AS finish, a.tokens, a.sample_index AS sample, g.grader_version AS version, g.extracted, p.answer, l.source, l.first_error AS error
     FROM attempt a JOIN problem p ON p.id = a.problem_id JOIN study s ON s.id = p.study_id JOIN model m ON m.id = a.model_id
     LEFT JOIN grade g ON g.attempt_id = a.id LEFT JOIN label l ON l.attempt_id = a.id
     WHERE s.name = $1 ORDER BY p.ordinal, m.name, a.sample_index`,
    study,
  );

describe("ProcessBench, which has no answers", () => {
  test("its verdicts are the grades, under the file's own name; its labels are people's; a second import adds nothing", async () => {
    const report = await run(fixture("processbench.jsonl"), "pb");
    expect(report).toMatchObject({ problems: { added: 1, present: 1 }, attempts: { added: 2 }, labels: 2, grades: { right: 1, wrong: 1, none: 0, sameAsFile: 0, otherThanFile: 0 } });
    expect(await attemptsOf("pb")).toMatchObject([
      { model: "Llama-3.1-8B-Instruct", reward: 1, version: "the file", answer: "", source: "people (ProcessBench)", error: null },
      { model: "Qwen2-7B-Instruct", reward: 0, version: "the file", answer: "", source: "people (ProcessBench)", error: 2 },
    ]);
    expect(await run(fixture("processbench.jsonl"), "pb")).toMatchObject({ attempts: { added: 0, present: 2 }, labels: 0 });
  });

  test("the grader leaves them alone until the answer is known", async () => {
    const [study] = await rows("SELECT id FROM study WHERE name = 'pb'");
    await regradeStudy(db, study.id);
    expect((await attemptsOf("pb")).map((a) => a.version)).toEqual(["the file", "the file"]);
    const answers = write("processbench.jsonl", [{ problem: "Sue has 3 apples and buys twice as many. How many has she?", answer: "9", solution: "Three and six." }]);
    expect(await run(answers, "pb", { problemSet: "processbench" })).toMatchObject({ problems: { added: 0, present: 1 }, rows: { bad: 0 } });
    expect(await rows("SELECT answer, reference FROM problem p JOIN study s ON s.id = p.study_id WHERE s.name = 'pb'")).toEqual([{ answer: "9", reference: "Three and six." }]);
    await regradeStudy(db, study.id);
    expect(new Set((await attemptsOf("pb")).map((a) => a.version))).toContain("intervene@2");
  });

  test("labels that point nowhere are refused by row and field", async () => {
    const trace = { id: "x", generator: "g", problem: "p", steps: ["a", "b"], final_answer_correct: true };
    const report = await run(write("labels.jsonl", [-1, 0, 1, 2, -2, null, "1"].map((label, i) => ({ ...trace, problem: `p${i}`, label }))), "pb labels");
    expect(report).toMatchObject({ labels: 3, rows: { bad: 4 } });
    expect(report.badRows.map((b) => [b.row, b.field])).toEqual([[4, "label"], [5, "label"], [6, "label"], [7, "label"]]);
  });
});

test("batch output joins the problems by custom_id, samples in their order", async () => {
  const set = write("set.jsonl", [{ id: "algebra-1", problem: "What is $1+1$?", answer: "2" }]);
  await run(set, "batch");
  const report = await run(fixture("openai-batch.jsonl"), "batch", { problemSet: "set" });
  expect(report).toMatchObject({ attempts: { added: 3 }, rows: { used: 2, bad: 1 }, grades: { right: 2, wrong: 1 } });
  expect(await attemptsOf("batch")).toMatchObject([
    { model: "Qwen/Qwen3-4B", reward: 1, finish: "stop", tokens: 0, sample: 0 },
    { model: "Qwen/Qwen3-4B", reward: 0, finish: "length", sample: 1 },
    { model: "gpt-4o-mini-2024-07-18", reward: 1, finish: "stop", tokens: 6, sample: 0 },
  ]);
  const lost = await run(fixture("openai-batch.jsonl"), "batch", { problemSet: "elsewhere" });
  expect(lost.rows).toMatchObject({ used: 0, bad: 3 });
  expect(lost.badRows.map((b) => [b.field, b.reason])).toContainEqual(["custom_id", expect.stringContaining("import the problems first")]);
});

test("completions without answers take the answer of the problem with their text", async () => {
  await run(write("trl.jsonl", [{ id: "six", problem: "What is $6\\cdot 7$?", answer: "42" }]), "trl");
  const report = await run(fixture("trl-completions.jsonl"), "trl", { problemSet: "trl" });
  expect(report).toMatchObject({ problems: { added: 1, present: 1 }, attempts: { added: 2 } });
  expect(await attemptsOf("trl")).toMatchObject([
    { model: "TRL policy at step 10", reward: 1, version: "intervene@2", answer: "42" },
    { model: "TRL policy at step 10", reward: 0, version: "the file", answer: "" },
  ]);
});

test("every step of a training run is a model of its own", async () => {
  await run(fixture("verl-rollout.jsonl"), "verl");
  expect(await attemptsOf("verl")).toMatchObject([
    { model: "verl policy at step 40", reward: 1 },
    { model: "verl policy at step 41", reward: 0 },
  ]);
});

test("reasoning of a stronger model comes as its attempts, thinking included", async () => {
  expect(await run(fixture("reasoning.jsonl"), "r1")).toMatchObject({ attempts: { added: 3 }, models: ["DeepSeek-R1 (OpenR1-Math)", "deepseek-ai/DeepSeek-R1"] });
  const [first] = await rows("SELECT text, finish_reason FROM attempt a JOIN run r ON r.id = a.run_id JOIN study s ON s.id = r.study_id WHERE s.name = 'r1' ORDER BY a.sample_index LIMIT 1");
  expect(first.text).toMatch(/^<think>\nTen less three\.\n\nIt is seven\.\n<\/think>/);
});

describe("any file, by its columns", () => {
  const file = () =>
    write("odd.jsonl", [
      { Frage: "What is $1+1$?", Gold: 2, out: { text: "Two.\n\n\\boxed{2}" }, "wrong step": "0", fix: "x" },
      { Frage: "What is $1+2$?", Gold: 3, out: { text: "Four.\n\nSo \\boxed{4}" }, "wrong step": 1, fix: "It is three." },
      { Frage: "What is $1+3$?", Gold: 4, out: { text: "Five" }, "wrong step": 7 },
      { Frage: "", Gold: 4, out: { text: "Five" } },
    ]);
  const mapping = {
    problem: { column: "Frage" },
    answer: { column: "Gold" },
    attempt: { column: "out.text" },
    first_error: { column: "wrong step" },
    label_source: { value: "Ada" },
    model: { value: "my-model" },
    intervention: { column: "fix" },
    location: { value: "1" },
  } as const;

  test("columns, paths and fixed texts", async () => {
    const report = await run(file(), "odd", { mapping });
    expect(report).toMatchObject({ format: "columns", rows: { used: 2, bad: 2 }, labels: 2, proposals: 2, models: ["my-model"], notKept: [] });
    expect(report.badRows).toEqual([
      { row: 3, field: "wrong step", reason: "7 is outside of the 1 steps" },
      { row: 4, field: "Frage", reason: "is missing or empty" },
    ]);
    expect(await attemptsOf("odd")).toMatchObject([
      { model: "my-model", reward: 1, source: "Ada", error: null },
      { model: "my-model", reward: 0, source: "Ada", error: 1 },
    ]);
    expect(await rows("SELECT content, location, chosen FROM proposal p JOIN run r ON r.id = p.run_id JOIN study s ON s.id = r.study_id WHERE s.name = 'odd' ORDER BY content")).toMatchObject([
      { content: "It is three.", location: 1, chosen: true },
      { content: "x", location: 1, chosen: true },
    ]);
  });

  test("without a mapping the file says what it has; a known format keeps its own reading when only the model is named", async () => {
    await expect(run(file(), "nothing")).rejects.toThrow(/first row has the fields Frage, Gold, out, wrong step, fix/);
    const report = await run(fixture("bigbench-mistake.jsonl"), "bbm", { mapping: { model: { value: "PaLM" } } });
    expect(report).toMatchObject({ format: "bigbench-mistake", models: ["PaLM"], labels: 2 });
  });
});
