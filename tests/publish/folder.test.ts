import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { v7 as uuid } from "uuid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publicationManifestSchema } from "@/server/core/publishing/manifest";
import { scriptOf } from "@/server/core/publishing/script";
import type {
  PublishedAttempt,
  PublishedAttemptRow,
  PublishedProblem,
  PublishedProblemRow,
  PublishedStudy,
  PublishedText,
} from "@/server/core/views/publication";
import { finalTable } from "@/server/usecases/comparing/final-table";
import { readAttempt, readContinuation, readVerificationText } from "@/server/usecases/pages/attempt";
import { readAttempts } from "@/server/usecases/pages/attempts";
import { readOutcomes } from "@/server/usecases/pages/outcomes";
import { readStudy } from "@/server/usecases/pages/study";
import { readValues } from "@/server/usecases/pages/values";
import { Disguise } from "@/server/usecases/publishing/disguise";
import { publishedFigures } from "@/server/usecases/publishing/figures";
import { buildReader } from "@/server/usecases/publishing/reader";
import { parsePublishWish } from "@/server/usecases/publishing/start";
import { packTexts } from "@/server/usecases/publishing/texts";
import { attemptOf } from "@/app/reader/attempt-of";
import { seedComparison } from "../support/seed-comparison";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { exportStudy } from "../export/support/study";
import { dataOf, filesOf, publish } from "./support/publish";

/** What a published folder holds: the product's own figures and texts, and nothing that is to be kept private. */
const SECRETS = {
  host: "gpu-7.cluster.example",
  url: "http://10.1.2.3:8000",
  key: "sk-very-secret",
  place: "/home/ann/checkpoints",
  file: "/home/ann/data.jsonl",
};
const root = mkdtempSync(path.join(tmpdir(), "intervene-folder-"));
const at = (name: string) => path.join(root, name);
let db: TestDatabase;
let study: PublishedStudy;
let withValues: string;

beforeAll(async () => {
  db = await createTestDatabase("publish folder");
  const { study: made } = await exportStudy(db.pool, "The study of Ann", 6);
  withValues = await sampleValues(made.id);
  await hideSecrets(made.id);
  process.env.INFERENCE_API_KEY = SECRETS.key;
  await publish(db.pool, "The study of Ann", at("all"));
  study = await dataOf<PublishedStudy>(at("all"), "study");
}, 60_000);
afterAll(async () => {
  delete process.env.INFERENCE_API_KEY;
  await db.close();
  rmSync(root, { recursive: true, force: true });
});

/** What a busy installation knows and a publication must not tell. */
async function hideSecrets(studyId: string): Promise<void> {
  const q = (sql: string, values: unknown[] = []) => db.pool.query(sql, values);
  await q("INSERT INTO worker (id, host, pid, waits_for) VALUES ($1, $2, 1234567891, $3)", [uuid(), SECRETS.host, `waits for ${SECRETS.url}`]);
  await q("UPDATE run SET message = $2 WHERE study_id = $1", [studyId, `${SECRETS.url} does not answer (${SECRETS.host})`]);
  await q("UPDATE run SET settings = settings || $2::jsonb WHERE study_id = $1", [studyId, JSON.stringify({ apiKey: SECRETS.key, file: SECRETS.file })]);
  await q("UPDATE work_item SET error = $1", [`${SECRETS.url}: ${SECRETS.key}`]);
  await q("UPDATE model SET name = $2, served_name = $3 WHERE study_id = $1", [studyId, `${SECRETS.place}/ann-3`, SECRETS.url]);
  await q("UPDATE problem_set SET source = $2 WHERE study_id = $1", [studyId, SECRETS.file]);
  await q("UPDATE problem SET reference_source = $2 WHERE study_id = $1 AND ordinal = 0", [studyId, `${SECRETS.place}/teacher`]);
}

/** Step values of one attempt, as two runs with other parameters left them: the newest counts. */
async function sampleValues(studyId: string): Promise<string> {
  const { rows } = await db.pool.query<{ id: string; model: string }>(
    "SELECT a.id, a.model_id AS model FROM attempt a JOIN problem p ON p.id = a.problem_id WHERE p.study_id = $1 ORDER BY a.id LIMIT 1",
    [studyId],
  );
  const { id, model } = rows[0] as { id: string; model: string };
  for (const [n, temperature] of [0.5, 1].entries()) {
    const [run, pipeline] = [uuid(), uuid()];
    const sampling = { temperature, topP: 1, topK: 0, minP: 0, maxTokens: 64 };
    const settings = JSON.stringify({ plan: "all", every: 1, samples: 2, seed: 3, sampling });
    await db.pool.query("INSERT INTO pipeline (id, study_id, recipe) VALUES ($1, $2, 'value')", [pipeline, studyId]);
    await db.pool.query(
      "INSERT INTO run (id, study_id, pipeline_id, stage, settings, model_id, state, created_at) VALUES ($1, $2, $3, 'value', $4, $5, 'done', now() + $6 * interval '1 second')",
      [run, studyId, pipeline, settings, model, n],
    );
    for (const step of [0, 1, 2]) {
      const branch = uuid();
      await db.pool.query(
        `INSERT INTO branch (id, study_id, run_id, attempt_id, purpose, kind, step, sampling, samples, seed, content)
         VALUES ($1, $2, $3, $4, 'value', 'continue', $5, $6, 2, 3, '')`,
        [branch, studyId, run, id, step, JSON.stringify(sampling)],
      );
      for (const [i, reward] of [1, step === 0 ? 1 : 0].entries())
        await db.pool.query(
          `INSERT INTO branch_sample (id, branch_id, sample_index, seed, text, finish_reason, tokens, outcome, reward, reason, grader_version)
           VALUES ($1, $2, $3, $4, 'x', 'stop', 1, 'failure', $5, '', 'exact@1')`,
          [uuid(), branch, i, 100 * step + i, reward],
        );
    }
  }
  return id;
}

/** All of a folder's own text. */
async function textOf(folder: string): Promise<string> {
  const files = (await filesOf(folder)).filter((f) => !/^assets\/(fonts|LICENSES|reader)/.test(f));
  return (await Promise.all(files.map((f) => readFile(path.join(folder, f), "utf8")))).join("\n");
}

describe("a published folder", () => {
  it("has the figures of the study's page", async () => {
    const head = await readStudy(db, { study: study.name });
    const outcomes = await readOutcomes(db, { pipeline: head.pipeline?.id ?? "" });
    const [pipeline] = study.pipelines;
    expect(pipeline?.arms).toEqual(JSON.parse(JSON.stringify(outcomes.arms)));
    expect(pipeline?.proposals).toEqual(outcomes.proposals);
    expect(pipeline?.stages.map((s) => [s.stage, s.total, s.done, s.failed, s.kept])).toEqual(
      head.pipeline?.stages.map((s) => [s.stage, s.total, s.done, s.failed, s.kept]),
    );
    expect([study.problems, study.attempts]).toEqual([head.problems, head.attempts]);
    expect(study.datasets.map((d) => d.name).sort()).toEqual(["hints", "int"]);
  });

  it("has the final table, under other names where it is anonymous", async () => {
    const { studyId } = await seedComparison(db.pool, { study: "compared", seeds: 2, problems: 6, samples: 4, steps: 2 });
    const figures = (anonymous: boolean) => {
      const request = parsePublishWish({ anonymous });
      return publishedFigures(db, studyId, request, new Disguise(request));
    };
    const own = await finalTable(db, { study: "compared", lenient: true });
    const { table, evaluations } = await figures(false);
    expect(own.rows.length).toBeGreaterThan(3);
    const numbers = (of: typeof table) =>
      of?.rows.map((r) => [...r.cells, ...r.averages].map((c) => (c.kind === "value" ? [c.of, c.against, c.parts, c.best] : c.reason)));
    expect(numbers(table)).toEqual(numbers(own));
    expect(table?.rows.map((r) => r.label)).toEqual(own.rows.map((r) => r.label));
    expect(evaluations.length).toBeGreaterThan(0);
    const hidden = JSON.stringify(await figures(true));
    for (const name of ["tiny", "train int", "compared"]) expect(hidden).not.toContain(name);
    expect(study.table).toBeNull();
  });

  it("has every attempt as its page shows it, texts and all, without what people wrote", async () => {
    const { rows } = await readAttempts(db, { study: study.name, query: { sort: "problem", dir: "asc" } });
    const index = await dataOf<PublishedAttemptRow[]>(at("all"), "attempts-0");
    expect(index.map((r) => r[0])).toEqual(rows.map((r) => r.id));
    for (const [i, row] of rows.entries()) {
      const file = await dataOf<PublishedAttempt>(at("all"), `attempt/${row.id}`);
      const problem = await dataOf<PublishedProblem>(at("all"), `problem/${row.problemId}`);
      const shown = await readAttempt(db, { study: study.name, attempt: row.id });
      const people = new Set(shown.proposals.filter((p) => p.author === "person").map((p) => p.id));
      const published = attemptOf(study.name, file, problem);
      expect(published).toEqual({
        ...JSON.parse(JSON.stringify(shown)),
        study: { id: "", name: study.name },
        run: { id: "", stage: shown.run.stage },
        model: "ann-3",
        problem: { ...shown.problem, referenceSource: shown.problem.ordinal === 0 ? "teacher" : shown.problem.referenceSource },
        proposals: shown.proposals.filter((p) => !people.has(p.id)),
        peopleStrips: [],
      });
      expect([index[i]?.[8], index[i]?.[12], index[i]?.[13]]).toEqual([row.firstError, row.proposal?.location ?? null, row.proposal?.kept ?? null]);
      if (i > 4) continue;
      for (const v of shown.verifications)
        expect(file.texts.find((t) => t.id === v.id)?.text).toBe(await readVerificationText(db, { study: study.name, verification: v.id }));
      const mark = shown.strips.at(-1)?.marks[0];
      if (mark === undefined) continue;
      const said = await readContinuation(db, { study: study.name, continuation: mark.id });
      const text = [...file.texts, ...problem.texts].find((t) => t.id === mark.id);
      expect([text?.seed, text?.finishReason, text?.grade]).toEqual([said.seed, said.finishReason, said.grade]);
      expect(text?.text.replace(/\s+/g, "")).toBe(said.steps.join("").replace(/\s+/g, ""));
    }
    const problems = await dataOf<PublishedProblemRow[]>(at("all"), "problems-0");
    expect(problems).toHaveLength(6);
  });

  it("has the step values that the page would show", async () => {
    const { points } = await readValues(db, { study: study.name, attempt: withValues });
    expect(points).toHaveLength(3);
    const { values } = await dataOf<PublishedAttempt>(at("all"), `attempt/${withValues}`);
    expect(values).toEqual({ model: "ann-3", points });
  });

  it("is the same, byte for byte, when it is published again, and can be checked", async () => {
    await publish(db.pool, study.name, at("again"));
    const files = await filesOf(at("all"));
    expect(await filesOf(at("again"))).toEqual(files);
    const different = [];
    for (const file of files)
      if (!(await readFile(path.join(at("all"), file))).equals(await readFile(path.join(at("again"), file)))) different.push(file);
    expect(different).toEqual(["data/manifest.js", "manifest.json"]);
    for (const { name, bytes } of await buildReader())
      expect((await readFile(path.join(at("all"), name))).equals(bytes), name).toBe(true);
    const manifests = await Promise.all(
      ["all", "again"].map(async (f) => publicationManifestSchema.parse(JSON.parse(await readFile(path.join(at(f), "manifest.json"), "utf8")))),
    );
    expect({ ...manifests[0], created: "" }).toEqual({ ...manifests[1], created: "" });
    expect(execFileSync("sha256sum", ["-c", "--quiet", "files.sha256"], { cwd: at("all") }).toString()).toBe("");
    expect(execFileSync("sha256sum", ["files.sha256"], { cwd: at("all") }).toString().split(" ")[0]).toBe(manifests[0]?.digest);
    expect(manifests[0]?.counts).toMatchObject({ problems: 6, attempts: 24, decisions: 0, withheldDecisions: 0 });
  });

  it("tells nothing of machines, keys, paths, messages or people", async () => {
    const all = await textOf(at("all"));
    for (const [what, secret] of Object.entries(SECRETS)) expect(all.includes(secret), what).toBe(false);
    for (const secret of ["Lovelace", "Noether", "SECRET", "1234567891", "A better step", process.cwd(), db.url, db.name]) expect(all).not.toContain(secret);
    expect(all).toContain('"ann-3"');
  });

  it("has decisions where they are asked for, under numbers, and never those of an open blind queue", async () => {
    const { counts } = await publish(db.pool, study.name, at("decided"), { decisions: true });
    expect([counts.decisions, counts.withheldDecisions]).toEqual([4, 1]);
    const all = await textOf(at("decided"));
    for (const secret of ["Lovelace", "Noether", "SECRET", "open and blind"]) expect(all).not.toContain(secret);
    for (const shown of ['"judge 1"', '"judge 2"', "clear | as day", "A better step."]) expect(all).toContain(shown);
    await publish(db.pool, study.name, at("named"), { decisions: true, names: true });
    expect(await textOf(at("named"))).toContain("Ada Lovelace");
    await expect(publish(db.pool, study.name, at("x"), { names: true })).rejects.toThrow(/only matter with their decisions/);
  });

  it("names nobody when it is anonymous", async () => {
    const manifest = await publish(db.pool, study.name, at("anonymous"), { anonymous: true, decisions: true });
    expect(manifest.created).toMatch(/^\d{4}-\d\d-\d\d$/);
    const all = await textOf(at("anonymous"));
    for (const name of ["Ann", "ann-3", "teacher", "Lovelace", "closed", "BIG-Bench Mistake"]) expect(all).not.toMatch(new RegExp(`\\b${name}\\b`));
    for (const name of ['"model 1"', '"annotator 1"', "Study"]) expect(all).toContain(name);
  });

  it("holds the attempts that are asked for, and draws the same ones for the same seed", async () => {
    const idsOf = async (name: string) => (await dataOf<PublishedAttemptRow[]>(at(name), "attempts-0")).map((r) => r[0]);
    const failed = await publish(db.pool, study.name, at("failed"), { attempts: "failed" });
    const proposed = await publish(db.pool, study.name, at("proposed"), { attempts: "with-proposal" });
    const { rows } = await db.pool.query<{ failed: number; proposed: number }>(
      `SELECT (SELECT count(*)::int FROM attempt a JOIN run r ON r.id = a.run_id JOIN study s ON s.id = r.study_id WHERE s.name = $1 AND a.reward = 0) AS failed,
              (SELECT count(*)::int FROM proposal WHERE chosen) AS proposed`,
      [study.name],
    );
    expect([failed.counts.attempts, proposed.counts.attempts]).toEqual([rows[0]?.failed, rows[0]?.proposed]);
    await publish(db.pool, study.name, at("five"), { attempts: 5, seed: 7 });
    await publish(db.pool, study.name, at("five again"), { attempts: 5, seed: 7 });
    await publish(db.pool, study.name, at("other five"), { attempts: 5, seed: 8 });
    expect(await idsOf("five")).toHaveLength(5);
    expect(await idsOf("five again")).toEqual(await idsOf("five"));
    expect(await idsOf("other five")).not.toEqual(await idsOf("five"));
    // Nothing of the others is in the folder.
    expect((await filesOf(at("five"))).filter((f) => f.startsWith("data/attempt/"))).toHaveLength(5);
  });

  it("appears whole or not at all", async () => {
    mkdirSync(`${at("begun")}.part/data`, { recursive: true });
    writeFileSync(`${at("begun")}.part/data/attempt.js`, "half");
    await publish(db.pool, study.name, at("begun"), { attempts: 1 });
    expect((await filesOf(at("begun"))).includes("data/attempt.js")).toBe(false);
    await expect(publish(db.pool, study.name, at("begun"), { attempts: 1 })).rejects.toThrow(/something at .* already/);
    await db.pool.query("INSERT INTO study (id, name) VALUES ($1, 'empty')", [uuid()]);
    await expect(publish(db.pool, "empty", at("empty"))).rejects.toThrow(/no attempts of that kind/);
    const left = execFileSync("ls", [root]).toString();
    expect(left).not.toMatch(/\.part|empty/);
  });
});

describe("data as scripts", () => {
  it("cannot end the script, whatever the text is", () => {
    const evil = "</script><!--<script>\u2028\u2029 `$1` \\";
    const script = scriptOf(`k/${evil}`, { [evil]: evil });
    expect(script).not.toMatch(/[<\u2028\u2029]/);
    let got: unknown[] = [];
    new Function("intervene", script)((...given: unknown[]) => {
      got = given;
    });
    expect(got).toEqual([`k/${evil}`, { [evil]: evil }]);
  });

  it("are cut where texts are many and long", () => {
    const text = (id: string, length: number): PublishedText => ({ id, text: "x".repeat(length) });
    expect(packTexts([text("a", 10), text("b", 20)])).toMatchObject({ parts: {}, files: [] });
    const { texts, parts, files } = packTexts([text("a", 400_000), text("b", 100_000), text("c", 150_000), text("d", 2_000_000)]);
    expect(texts).toEqual([]);
    expect(parts).toEqual({ a: 0, b: 0, c: 1, d: 2 });
    expect(files.map((f) => f.map((t) => t.id))).toEqual([["a", "b"], ["c"], ["d"]]);
  });
});
