import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { processBenchF1 } from "@/server/core/statistics/processBench";
import { importFile } from "@/server/usecases/importing/import-file";
import { importAnswers } from "@/server/usecases/localisation/import-answers";
import { readLocalisation } from "@/server/usecases/pages/localisation";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { sharedFile } from "../import/shared-data";
import { seedLabelled } from "./support/study";

let db: TestDatabase;
const folder = mkdtempSync(path.join(tmpdir(), "intervene-answers-"));
beforeAll(async () => {
  db = await createTestDatabase("answers");
});
afterAll(async () => {
  await db?.close();
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, rows: readonly unknown[]): string {
  const at = path.join(folder, name);
  writeFileSync(at, rows.map((r) => (typeof r === "string" ? r : JSON.stringify(r))).join("\n"));
  return at;
}

test("answers of a model that ran elsewhere are its verifications: several lines are several samples, bad rows stop no other", async () => {
  const { attemptIds } = await seedLabelled(db.pool, "small", [
    { steps: 4, labels: { people: 2 }, said: {} },
    { steps: 4, labels: { people: null }, said: {} },
    { steps: 4, labels: { people: 3 }, said: {} },
  ]);
  const answers = file("answers.jsonl", [
    { attempt: attemptIds[0], first_error: 2, text: "…\\boxed{1}" },
    { attempt: attemptIds[0], first_error: 3 },
    { attempt: attemptIds[0], first_error: 2 },
    { problem: "p1", prediction: -1 },
    { problem: "Problem 3: what is $2 + 1$?", sample: 1, prediction: 7 },
    { attempt: attemptIds[2], prediction: null },
    { attempt: "x", first_error: 1 },
    { attempt: "01a207de-0000-7000-8000-000000000000", first_error: 1 },
    { problem: "no such", first_error: 1 },
    { problem: "p2", sample: 4, first_error: 1 },
    { problem: "p2", first_error: 0 },
    { problem: "p2" },
    { first_error: 1 },
    "{not json",
  ]);
  const report = await importAnswers(db, { file: answers, study: "small", model: "Ours-7B" });
  expect(report).toMatchObject({ rows: 14, added: 6, present: 0, outOfRange: 1 });
  expect(report.bad.map((b) => [b.row, b.field]).sort(([a = 0], [b = 0]) => Number(a) - Number(b))).toEqual([
    [7, "attempt"], [8, "attempt"], [9, "problem"], [10, "sample"], [11, "first_error"], [12, "first_error"], [13, "attempt"], [14, "row"],
  ]);
  expect(await importAnswers(db, { file: answers, study: "small", model: "Ours-7B" })).toMatchObject({ added: 0, present: 6 });

  const [source] = (await readLocalisation(db, { study: "small", query: { by: "majority" } })).sources;
  expect(source?.locators).toMatchObject([
    { model: "Ours-7B", template: "", file: "answers.jsonl", relations: { agrees: 2, near: 0, differs: 0, unparsed: 1 } },
  ]);
  await expect(importAnswers(db, { file: answers, study: "none", model: "m" })).rejects.toThrow('There is no study "none"');
  await expect(importAnswers(db, { file: path.join(folder, "absent"), study: "small", model: "m" })).rejects.toThrow("cannot be read");
});

const traces = sharedFile("bigbench_mistake_multistep_arithmetic.jsonl");
test.skipIf(traces === null)("BIG-Bench Mistake with a model's answers: F1 and its accuracies, and the position-only baseline beside them", async () => {
  const report = await importFile({ pool: db.pool, reports: folder }, { file: traces ?? "", study: "mistakes", format: "auto" });
  expect(report.labels).toBe(300);
  const rows = readFileSync(traces ?? "", "utf8").trim().split("\n").map((l) => JSON.parse(l) as { input: string; steps: string[]; mistake_index: number | null });
  // A made-up locator of known quality: right on every third trace, one step late on every other third, and silent on the rest.
  const predictions = rows.map(({ mistake_index: m, steps }, i) => (i % 3 === 0 ? (m ?? -1) : i % 3 === 1 ? (m === null ? 0 : Math.min(m + 1, steps.length - 1)) : -1));
  const answers = file("predictions.jsonl", rows.map(({ input }, i) => ({ input, prediction: predictions[i] })));
  expect(await importAnswers(db, { file: answers, study: "mistakes", model: "made up" })).toMatchObject({ added: 300, bad: [] });

  const view = await readLocalisation(db, { study: "mistakes", query: { by: "majority" } });
  const [source] = view.sources;
  expect(source).toMatchObject({ source: "people (BIG-Bench Mistake)", labelled: 300, withError: 300 - 62 });
  const [line] = source?.locators ?? [];
  const right = (i: number) => predictions[i] === (rows[i]?.mistake_index ?? -1);
  const accuracy = (bad: boolean) => {
    const of = rows.flatMap((r, i) => ((r.mistake_index !== null) === bad ? [right(i)] : []));
    return of.filter(Boolean).length / of.length;
  };
  expect(line?.score.withError.accuracy?.value).toBeCloseTo(accuracy(true), 12);
  expect(line?.score.withoutError.accuracy?.value).toBeCloseTo(accuracy(false), 12);
  expect(line?.score.f1?.value).toBeCloseTo(processBenchF1(accuracy(true), accuracy(false)), 12);
  expect(line?.score.f1?.low).toBeLessThan(line?.score.f1?.value ?? 0);
  expect(line?.relations.unparsed).toBe(0);
  // Real people's labels: what position alone scores on them is a fact of the file.
  const f1 = Object.fromEntries((line?.baselines ?? []).map((b) => [b.kind, b.score.f1?.value ?? -1]));
  expect(f1.constant).toBe(0);
  expect(f1.drawn).toBeCloseTo(0.26, 2);
  expect(view.detail?.confusion.total).toBe(300);
});
