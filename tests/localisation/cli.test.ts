import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { intervene } from "../cli/command";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { seedLabelled } from "./support/study";

/** Each command is a process of its own; on a machine at work one takes seconds. */
const SLOW = 120_000;
let db: TestDatabase;
let env: Record<string, string>;
const folder = mkdtempSync(path.join(tmpdir(), "intervene-localisation-cli-"));
beforeAll(async () => {
  db = await createTestDatabase("localisation cli");
  env = { INTERVENE_HOME: path.join(folder, "home"), DATABASE_URL: db.url };
  await seedLabelled(db.pool, "labelled", [
    { steps: 4, labels: { people: 2 }, said: { served: [2] } },
    { steps: 4, labels: { people: null }, said: { served: ["none"] } },
    { steps: 4, labels: { people: 3 }, said: { served: ["unparsed"] } },
  ]);
});
afterAll(async () => {
  await db?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("answers from a file, the table of the page, and verification of what is labelled", { timeout: SLOW }, async () => {
  const file = path.join(folder, "answers.jsonl");
  writeFileSync(file, [{ problem: "p0", first_error: 2 }, { problem: "p1", prediction: -1 }, { problem: "p2", prediction: 2 }, { problem: "p9", prediction: 0 }].map((r) => JSON.stringify(r)).join("\n"));
  const imported = await intervene(["import-answers", file, "--study", "labelled", "--model", "elsewhere-7b"], { env });
  expect(imported.out).toBe('3 answers of elsewhere-7b added to study "labelled", 0 were there already.\n');
  expect(imported.err).toContain("row 4: problem no problem of this study has this key or statement");
  expect(imported.status).toBe(0);

  const json = await intervene(["localisation", "--study", "labelled", "--json"], { env });
  const view = JSON.parse(json.out) as { by: string; sources: { source: string; locators: { model: string; score: { f1: { value: number } | null }; relations: object }[] }[] };
  expect(view.by).toBe("majority");
  expect(view.sources[0]?.locators.map((l) => [l.model, l.score.f1?.value, l.relations])).toEqual([
    ["elsewhere-7b", 1, { agrees: 3, near: 0, differs: 0, unparsed: 0 }],
    ["served", 2 / 3, { agrees: 2, near: 0, differs: 0, unparsed: 1 }],
  ]);
  const text = await intervene(["localisation", "--study", "labelled"], { env });
  expect(text.out).toMatch(/labels by people: 3 attempts, 2 with an error\n/);
  expect(text.out).toMatch(/elsewhere-7b, answers\.jsonl\s+3\s+100\.0 %/);
  expect(text.out.match(/position alone/g)).toHaveLength(6);

  const run = await intervene(["run", "verify", "--study", "labelled", "--model", "served", "--samples", "3", "--json"], { env });
  expect(JSON.parse(run.out)).toMatchObject({ recipe: "verify", runs: [{ stage: "verify", state: "queued", total: 9 }] });
  const refused = await intervene(["run", "verify", "--study", "labelled", "--model", "served", "--continue"], { env });
  expect({ status: refused.status, out: refused.out }).toEqual({ status: 2, out: "" });
  expect(refused.err).toContain("proposes nothing to continue from");
});
