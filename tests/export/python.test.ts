import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FORMATS } from "@/server/core/exporting/registry";
import { TABLES } from "@/server/core/exporting/shapes";
import { loadChat } from "@/server/inference/chat";
import { encoderOf } from "@/server/usecases/exports/encoder";
import { parseWish, resolve } from "@/server/usecases/exports/source";
import { writeExport } from "@/server/usecases/exports/write-export";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { startHub } from "./support/hub-stand-in";
import { pythonWith } from "./support/python";
import { exportStudy } from "./support/study";

const MODEL = path.resolve("workers/lab/model");
// torch begins slowly on a busy machine.
const SLOW = 480_000;

let db: TestDatabase;
let folder: string;

/** Every format of the data set, every table, as both kinds of files. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "intervene-readers-"));
  db = await createTestDatabase("readers");
  const at = await exportStudy(db.pool, "read by others");
  const encoder = async () => encoderOf(await loadChat(MODEL));
  const wishes = [
    ...FORMATS.map((f) => ({ name: f.id, what: { kind: "dataset", name: "int" } as const, format: f.id, files: f.files })),
    ...TABLES.map((t) => ({ name: t, what: { kind: "table", table: t } as const, format: "", files: ["jsonl", "parquet"] as const })),
  ];
  for (const kind of ["jsonl", "parquet"]) await mkdir(path.join(folder, kind));
  for (const { name, what, format, files } of wishes) {
    for (const file of files) {
      const source = await resolve(db.pool, at.study, parseWish({ what, format: format || file, file }));
      // The two formats of all columns are one and the same, told by their file.
      const of = name === "jsonl" || name === "parquet" ? "rows" : name;
      await writeExport({ pool: db.pool, encoder, tool: "test" }, source, { folder: path.join(folder, file, of) });
      // verl's are Parquet alone: pyarrow is shown the same rows of the same format as lines.
      if (files.length === 1 && file === "parquet" && name !== "parquet") {
        const lines = { ...source, request: { ...source.request, file: "jsonl" as const } };
        await writeExport({ pool: db.pool, encoder, tool: "test" }, lines, { folder: path.join(folder, "jsonl", of) });
      }
    }
  }
});
afterAll(async () => {
  await db.close();
  await rm(folder, { recursive: true, force: true });
});

function run(python: string, what: string, ...args: string[]): Promise<Record<string, unknown>> {
  return new Promise((done, reject) => {
    const script = path.resolve("tests/export/support/readers.py");
    const child = spawn(python, [script, what, ...args], { env: { ...process.env, HF_HUB_OFFLINE: what === "hub" ? "0" : "1", TOKENIZERS_PARALLELISM: "false", OMP_NUM_THREADS: "1" } });
    let out = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        out += text;
      });
    child.once("error", reject);
    child.once("close", (status) => {
      const result = out.split("\n").find((l) => l.startsWith("RESULT "));
      if (status === 0 && result) done(JSON.parse(result.slice(7)) as Record<string, unknown>);
      else reject(new Error(`${what} ended with ${status}:\n${out.slice(-4000)}`));
    });
  });
}

const arrow = pythonWith("pyarrow");
const datasets = pythonWith("datasets");
const trl = pythonWith("trl", "torch");
const hub = pythonWith("huggingface_hub");
// Each wants versions of its own: an environment with llamafactory, or with verl, ray and tensordict.
const llamaFactory = pythonWith("llamafactory", "peft", "torchaudio");
const verl = pythonWith("verl", "ray", "tensordict", "omegaconf");

describe("the readers that users have", () => {
  it.skipIf(arrow === null)("pyarrow reads every Parquet file, typed, equal to the JSON lines", { timeout: SLOW }, async () => {
    const seen = (await run(arrow ?? "", "pyarrow", folder)) as Record<string, { rows: number; schema: string }>;
    expect(Object.keys(seen).length).toBeGreaterThanOrEqual(TABLES.length + 9);
    expect(seen["attempts/train"]?.schema).toMatch(/grades: list<element: struct<grader_version: string/);
    expect(seen["scores/train"]?.schema).toMatch(/logprobs: list<element: float/);
    expect(seen["verl-rl/train"]?.schema).toMatch(/prompt: list<element: struct<role: string/);
    expect(seen["decisions/train"]?.schema).toMatch(/created_at: timestamp\[ms, tz=UTC\]/);
  });

  it.skipIf(datasets === null)("datasets loads every folder by its card", { timeout: SLOW }, async () => {
    const seen = (await run(datasets ?? "", "datasets", folder)) as Record<string, { rows: number; columns: string[] }>;
    expect(seen["parquet/trl-tokenised"]?.columns).toEqual(["input_ids", "labels"]);
    expect(seen["jsonl/llama-factory"]?.rows).toBeGreaterThan(1);
  });

  it.skipIf(trl === null)("TRL trains on exactly the exported tokens; its DPO trainer takes the pairs", { timeout: SLOW }, async () => {
    const seen = await run(trl ?? "", "trl", folder, MODEL);
    expect(seen.finished).toBe(1);
    expect(seen.rows).toBeGreaterThan(1);
  });

  it.skipIf(llamaFactory === null)("LLaMA-Factory's loader trains on the completion alone: the open template ends no turn", { timeout: SLOW }, async () => {
    const rows = Object.values(await run(llamaFactory ?? "", "llama-factory", folder, MODEL)) as number[];
    expect(rows.reduce((sum, n) => sum + n, 0)).toBeGreaterThan(1);
  });

  it.skipIf(verl === null)("verl's RLHFDataset and MultiTurnSFTDataset give the rows back", { timeout: SLOW }, async () => {
    const seen = await run(verl ?? "", "verl", folder, MODEL);
    expect(seen.problems).toBeGreaterThan(1);
    expect(seen.turns).toBeGreaterThan(1);
  });

  it.skipIf(hub === null)("huggingface_hub pushes to the stand-in of the hub as it does to the hub", { timeout: SLOW }, async () => {
    const standIn = await startHub({ token: "hf_0123456789abcdefghijklmnop", owners: ["team"], partSize: 5_000 });
    try {
      const done = await run(hub ?? "", "hub", path.join(folder, "parquet", "attempts"), standIn.endpoint);
      const repo = standIn.repos.get("team/by-python");
      expect(repo?.commits.at(-1)?.oid).toBe(done.commit);
      expect([...(repo?.files.keys() ?? [])].sort()).toEqual(["README.md", "manifest.json", "train.parquet"]);
    } finally {
      await standIn.close();
    }
  });
});
