import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dataFile } from "@/server/core/exporting/format";
import { type ExportManifest, exportManifestSchema } from "@/server/core/exporting/manifest";
import { FORMATS } from "@/server/core/exporting/registry";
import type { ExportWish } from "@/server/core/exporting/request";
import { SHAPES_OF, TABLES } from "@/server/core/exporting/shapes";
import { loadChat } from "@/server/inference/chat";
import { encoderOf } from "@/server/usecases/exports/encoder";
import { parseWish, resolve } from "@/server/usecases/exports/source";
import { writeExport } from "@/server/usecases/exports/write-export";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { readJsonLines, readParquet } from "./support/read";
import { type ExportStudy, exportStudy } from "./support/study";

let db: TestDatabase;
let at: ExportStudy;
let folder: string;
let written = 0;

beforeAll(async () => {
  db = await createTestDatabase("export");
  at = await exportStudy(db.pool);
  folder = await mkdtemp(path.join(os.tmpdir(), "intervene-export-"));
});
afterAll(async () => {
  await db.close();
  await rm(folder, { recursive: true, force: true });
});

const dataset = (name = "int") => ({ kind: "dataset", name }) as const;
const table = (of: (typeof TABLES)[number]) => ({ kind: "table", table: of }) as const;
type Rows = Record<string, unknown>[];

/** Write a wish and read everything back. */
async function write(wish: ExportWish) {
  const source = await resolve(db.pool, at.study, parseWish(wish));
  const into = path.join(folder, String(written++));
  const encoder = async () => encoderOf(await loadChat("workers/lab/model"));
  const manifest = await writeExport({ pool: db.pool, encoder, tool: "intervene test" }, source, { folder: into });
  const data: Record<string, Rows> = {};
  for (const { name } of manifest.files) {
    const file = path.join(into, name);
    data[name] = (await (name.endsWith(".parquet") ? readParquet(file) : readJsonLines(file))) as Rows;
  }
  const text = (name: string) => readFile(path.join(into, name), "utf8");
  return { into, manifest, data, text, rows: Object.values(data).flat() };
}

const wishes: ExportWish[] = FORMATS.flatMap((f) =>
  (["dataset", ...TABLES] as const)
    .filter((source) => SHAPES_OF[source].includes(f.shape))
    .map((source) => ({ what: source === "dataset" ? dataset() : table(source), format: f.id })),
);

describe("every format of everything that can be exported", () => {
  it.each(wishes.map((w) => [w.what.kind === "dataset" ? "data set" : w.what.table, w.format, w] as const))(
    "%s as %s: written, read back, equal",
    async (_source, format, wish) => {
      const known = FORMATS.find((f) => f.id === format);
      const results = [];
      for (const file of known?.files ?? []) results.push(await write({ ...wish, file }));
      for (const { manifest, rows, text, into, data } of results) {
        expect(exportManifestSchema.parse(JSON.parse(await text("manifest.json")))).toEqual(manifest);
        expect(manifest.counts.rows).toBe(rows.length);
        expect(manifest.counts.rows).toBeGreaterThan(0);
        expect(manifest.counts.read).toBe(manifest.counts.rows + manifest.counts.skipped.reduce((n, s) => n + s.count, 0));
        for (const file of manifest.files) expect(file.rows).toBe(data[file.name]?.length);
        const card = await text("README.md");
        expect(card).toMatch(/^---\npretty_name: /);
        expect(card).toContain(`| rows | ${rows.length} |`);
        // A data set's own funnel stands in the card of each of its exports.
        if (wish.what.kind === "dataset") expect(card).toContain("| not taken: verified, and no sample proposed");
        expect((await readdir(into)).filter((f) => f.includes("part"))).toEqual([]);
      }
      const [first, ...others] = results;
      for (const other of others) expect(other.rows).toEqual(first?.rows);
    },
  );

  it("writes the same bytes for the same rows", async () => {
    for (const file of ["jsonl", "parquet"] as const) {
      const [one, two] = [await write({ what: dataset(), format: "trl-conversational", file }), await write({ what: dataset(), format: "trl-conversational", file })];
      expect(one.manifest.digest).toBe(two.manifest.digest);
      expect(one.manifest.files).toEqual(two.manifest.files);
    }
  });

  it("agrees between JSON lines and Parquet in all columns", async () => {
    for (const what of [dataset(), ...TABLES.map(table)]) {
      const [lines, columns] = [await write({ what, format: "jsonl" }), await write({ what, format: "parquet" })];
      expect(columns.rows).toEqual(lines.rows);
      expect(lines.rows.length).toBeGreaterThan(0);
    }
  });
});

describe("what the rows say", () => {
  const training = async () => (await write({ what: dataset(), format: "jsonl" })).rows as { prompt: string; completion: string; ends: boolean }[];

  it("TRL and OpenAI: the user's turn and the assistant's", async () => {
    const rows = await training();
    const plain = await write({ what: dataset(), format: "trl-prompt-completion" });
    expect(plain.rows).toEqual(rows.map(({ prompt, completion }) => ({ prompt, completion })));
    const turns = (await write({ what: dataset(), format: "trl-conversational" })).rows;
    expect(turns[0]).toEqual({
      prompt: [{ role: "user", content: rows[0]?.prompt }],
      completion: [{ role: "assistant", content: rows[0]?.completion }],
    });
    const chats = (await write({ what: dataset(), format: "openai" })).rows;
    expect(chats[0]).toEqual({
      messages: [
        { role: "user", content: rows[0]?.prompt },
        { role: "assistant", content: rows[0]?.completion },
      ],
    });
    // The reader would end the turn behind each unfinished answer: the card says so.
    const unfinished = rows.filter((r) => !r.ends).length;
    expect(plain.manifest.counts.unfinished).toBe(unfinished);
    expect(await plain.text("README.md")).toContain(`${unfinished} of these completions stop in the middle`);
  });

  it("LLaMA-Factory: unfinished and finished answers apart, with entries and a template without the end", async () => {
    const { data, text, manifest } = await write({ what: dataset(), format: "llama-factory" });
    const rows = await training();
    expect(Object.keys(data)).toEqual(["train.jsonl", "train_finished.jsonl"]);
    expect(data["train.jsonl"]).toEqual(
      rows.filter((r) => !r.ends).map((r) => ({ instruction: r.prompt, input: "", output: r.completion })),
    );
    expect(data["train_finished.jsonl"]).toHaveLength(1);
    expect(JSON.parse(await text("dataset_info.json"))).toEqual({
      "exported-int": {
        file_name: "train.jsonl",
        formatting: "alpaca",
        columns: { prompt: "instruction", query: "input", response: "output" },
      },
      "exported-int_finished": expect.objectContaining({ file_name: "train_finished.jsonl" }),
    });
    expect(await text("intervene_template.py")).toContain('format_assistant=StringFormatter(slots=["{{content}}"])');
    expect(await text("train.yaml")).toContain("template: qwen3_nothink_noeos");
    expect(manifest.notes[0]).toContain("plain template");
  });

  it("verl and PipelineRL: each problem once, its answer as ground truth", async () => {
    const problems = (await write({ what: table("problems"), format: "jsonl" })).rows as { key: string; statement: string; answer: string }[];
    const rl = (await write({ what: table("problems"), format: "verl-rl" })).rows;
    expect(rl).toHaveLength(problems.length);
    expect(rl[0]).toMatchObject({
      data_source: "seed",
      prompt: [{ role: "user", content: problems[0]?.statement }],
      ability: "math",
      reward_model: { style: "rule", ground_truth: problems[0]?.answer },
      extra_info: { split: "train", index: 0, id: "seed-0" },
    });
    const pipeline = await write({ what: dataset(), format: "pipelinerl" });
    expect(new Set(pipeline.rows.map((r) => r.id)).size).toBe(pipeline.rows.length);
    expect(pipeline.rows[0]).toMatchObject({ dataset: "seed", answer: `\\boxed{${problems[0]?.answer}}` });
    expect(await pipeline.text("intervene_loader.py")).toContain("def load_problems(");
  });

  it("hinted prompts are problems of their own, and are not trained on", async () => {
    const { rows } = await write({ what: dataset("hints"), format: "verl-rl" });
    expect(JSON.stringify(rows[0]?.prompt)).toContain("A beginning: think of 7.");
    await expect(write({ what: dataset("hints"), format: "openai" })).rejects.toThrow(/no completion to train on/);
  });

  it("DPO: the same steps, then the intervention or the original step", async () => {
    const { rows } = await write({ what: dataset(), format: "dpo" });
    for (const row of rows as { chosen: { content: string }[]; rejected: { content: string }[] }[]) {
      const [chosen, rejected] = [row.chosen[0]?.content.split("\n\n") ?? [], row.rejected[0]?.content.split("\n\n") ?? []];
      const shared = rejected.length - 1;
      expect(chosen.slice(0, shared)).toEqual(rejected.slice(0, shared));
      expect(chosen[shared]).not.toBe(rejected[shared]);
    }
    const steps = (await write({ what: dataset(), format: "dpo-steps" })).rows as { prompt: string; chosen: string; rejected: string }[];
    const whole = rows[0] as { chosen: { content: string }[]; rejected: { content: string }[] };
    expect(steps[0]?.prompt).toMatch(/<\|im_start\|>assistant\n/);
    expect(`${steps[0]?.prompt}${steps[0]?.chosen}`.endsWith(whole.chosen[0]?.content ?? "?")).toBe(true);
    expect(`${steps[0]?.prompt}${steps[0]?.rejected}`.endsWith(whole.rejected[0]?.content ?? "?")).toBe(true);
  });

  it("process rewards: the same first error in all three forms", async () => {
    const bench = (await write({ what: table("attempts"), format: "processbench" })).rows as { id: string; steps: string[]; label: number }[];
    const trl = (await write({ what: table("attempts"), format: "trl-stepwise" })).rows as { completions: string[]; labels: boolean[] }[];
    const prm = (await write({ what: table("attempts"), format: "prm800k" })).rows as {
      labeler: string;
      label: { finish_reason: string; steps: { completions: { text: string; rating: number }[] }[] };
    }[];
    expect(bench.some((r) => r.label === -1)).toBe(true);
    expect(bench.some((r) => r.label > 0)).toBe(true);
    for (const [i, row] of bench.entries()) {
      const end = row.label === -1 ? row.steps.length : row.label + 1;
      expect(trl[i]?.completions).toEqual(row.steps.slice(0, end));
      expect(trl[i]?.labels).toEqual(row.steps.slice(0, end).map((_, s) => s !== row.label));
      const steps = prm[i]?.label.steps ?? [];
      expect(steps.map((s) => s.completions[0]?.text)).toEqual(row.steps.slice(0, end));
      expect(steps.map((s) => s.completions[0]?.rating)).toEqual(trl[i]?.labels.map((l) => (l ? 1 : -1)));
      expect(prm[i]?.label.finish_reason).toBe(row.label === -1 ? "solution" : "found_error");
    }
    // A correction that a person took stands beside the wrong step as a right one.
    const settled = prm.find((r) => r.labeler.startsWith("settled:"));
    expect(settled?.label.steps.at(-1)?.completions).toEqual([
      expect.objectContaining({ rating: -1 }),
      { text: "A better step.", rating: 1, flagged: false },
    ]);
  });

  it("labels: people before models, and only who was asked for", async () => {
    const all = await write({ what: table("attempts"), format: "processbench" });
    expect(Object.keys(all.manifest.counts.labels).sort()).toEqual(["decided", "imported", "model", "settled"]);
    const { manifest } = await write({ what: table("attempts"), format: "processbench", filters: { labels: ["imported"] } });
    expect(manifest.counts.labels).toEqual({ imported: 4 });
    expect(await all.text("README.md")).toContain("| labelled by: settled | 1 |");
  });
});

describe("who and what may be seen", () => {
  const decisions = (more: Partial<ExportWish> = {}) => write({ what: table("decisions"), format: "jsonl", ...more });

  it("holds back the decisions of an open blind queue, in every format, unless it is named", async () => {
    const { rows, manifest, text } = await decisions();
    expect(rows.map((r) => r.queue)).toEqual(["closed", "closed", "closed", "closed"]);
    expect(manifest.counts.withheldDecisions).toBe(1);
    expect(await text("README.md")).toContain("decisions held back");
    const named = await decisions({ openBlindQueues: ["open and blind"] });
    expect(named.rows).toHaveLength(5);
    expect(named.manifest.counts.withheldDecisions).toBe(0);
    expect(named.manifest.openBlindQueues).toEqual(["open and blind"]);

    const labels = async (more: Partial<ExportWish>) =>
      (await write({ what: table("attempts"), format: "processbench", filters: { labels: ["decided"] }, ...more })).manifest;
    expect((await labels({})).counts.labels).toEqual({ decided: 1 });
    expect((await labels({ openBlindQueues: ["open and blind"] })).counts.labels).toEqual({ decided: 2 });
    await expect(decisions({ openBlindQueues: ["closd"] })).rejects.toThrow(/no queue called “closd”/);
  });

  it("shows judges under pseudonyms unless names are asked for, and says which", async () => {
    const { rows, manifest } = await decisions();
    expect(rows.every((r) => /^judge-[0-9a-f]{8}$/.test(String(r.judge)))).toBe(true);
    expect(manifest.judges).toBe("pseudonyms");
    expect(manifest.counts.judges).toBe(2);
    const named = await decisions({ names: true });
    expect([...new Set(named.rows.map((r) => r.judge))].sort()).toEqual(["Ada Lovelace", "Emmy Noether"]);
    expect(named.manifest.holds.join(" ")).toContain("by name");
  });

  it("keeps decisions as they were: what counts, what was shown, gold, what was settled", async () => {
    const { rows } = await decisions();
    expect(rows.map((r) => [r.action, r.counts])).toEqual([
      ["accept", true],
      ["accept", true],
      ["edit", true],
      ["skip", false],
    ]);
    expect(rows[0]).toMatchObject({ shown: ["proposal"], gold: null, settled: null, note: "clear | as day", seconds: 12.5 });
    expect(rows[2]).toMatchObject({
      gold: { first_error: 2, source: "BIG-Bench Mistake" },
      settled: { action: "edit", first_error: 2, content: "A better step.", location: 2 },
    });
  });
});

describe("filters and refusals", () => {
  it("narrows by what the source knows, and says so in the manifest and the card", async () => {
    const all = await write({ what: table("attempts"), format: "jsonl" });
    const right = await write({ what: table("attempts"), format: "jsonl", filters: { reward: 1 } });
    expect(right.rows.length).toBeGreaterThan(0);
    expect(right.rows).toEqual(all.rows.filter((r) => r.reward === 1));
    expect(right.manifest.filters).toEqual({ reward: 1 });
    expect(await right.text("README.md")).toContain("- reward: 1");
    const kept = await write({ what: table("proposals"), format: "jsonl", filters: { kept: true, withoutLeaks: true } });
    expect(kept.rows.every((r) => r.kept === true && r.leak_equivalent === false)).toBe(true);
    const arm = await write({ what: table("continuations"), format: "parquet", filters: { arm: "intervention" } });
    expect(new Set(arm.rows.map((r) => r.arm))).toEqual(new Set(["intervention"]));
    const none = await write({ what: table("attempts"), format: "parquet", filters: { model: "nobody's" } });
    expect(none.rows).toEqual([]);
    expect(none.manifest.files[0]?.rows).toBe(0);
  });

  it.each<[ExportWish, RegExp]>([
    [{ what: dataset(), format: "csv" }, /There is no format "csv".*jsonl, parquet/],
    [{ what: { kind: "table", table: "grades" }, format: "dpo" }, /The table grades cannot be written as dpo .* but as jsonl, parquet/],
    [{ what: dataset(), format: "openai", file: "parquet" }, /written as jsonl, not parquet/],
    [{ what: { kind: "table", table: "grades" }, format: "jsonl", filters: { kept: true } }, /cannot be filtered by kept but by run/],
    [{ what: { kind: "table", table: "attempts" }, format: "jsonl", filters: { labels: ["model"] } }, /labels only matter/],
  ])("refuses what does not go together with a sentence", (wish, says) => {
    expect(() => parseWish(wish)).toThrow(says);
  });

  it("names the data sets that there are, and refuses one that is not ready", async () => {
    await expect(write({ what: dataset("inti"), format: "jsonl" })).rejects.toThrow(/no data set called “inti”; it has .*“int”/);
    await db.pool.query("UPDATE dataset SET state = 'building' WHERE id = $1", [at.datasets.hints]);
    await expect(write({ what: dataset("hints"), format: "jsonl" })).rejects.toThrow(/still being built/);
    await db.pool.query("UPDATE dataset SET state = 'ready' WHERE id = $1", [at.datasets.hints]);
  });

  it("leaves nothing behind when it is stopped, and never writes over a folder", async () => {
    const source = await resolve(db.pool, at.study, parseWish({ what: table("attempts"), format: "jsonl" }));
    const deps = { pool: db.pool, encoder: () => Promise.reject(new Error("not needed")), tool: "intervene test" };
    const into = path.join(folder, "stopped");
    const controller = new AbortController();
    const options = { folder: into, signal: controller.signal, onProgress: () => controller.abort(new Error("stop")) };
    await expect(
      writeExport(deps, { ...source, format: source.format }, { ...options, onProgress: () => { throw new Error("stop"); } }),
    ).rejects.toThrow("stop");
    expect((await readdir(folder)).filter((f) => f.startsWith("stopped"))).toEqual([]);
    const first: ExportManifest = await writeExport(deps, source, { folder: into });
    expect(first.files[0]?.name).toBe(dataFile("train", "jsonl"));
    await expect(writeExport(deps, source, { folder: into })).rejects.toThrow(/something at .* already/);
    // The connection that was in the middle of a COPY was not handed back to anybody.
    expect((await db.pool.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  });
});
