import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { intervene } from "../cli/command";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { startHub } from "./support/hub-stand-in";
import { readJsonLines, readParquet } from "./support/read";
import { exportStudy } from "./support/study";

/** Each command is a process of its own. */
const SLOW = 120_000;

let db: TestDatabase;
let folder: string;
let env: Record<string, string>;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "intervene-export-cli-"));
  db = await createTestDatabase("export_cli");
  await exportStudy(db.pool, "from the shell");
  env = { INTERVENE_HOME: path.join(folder, "home"), DATABASE_URL: db.url, HF_TOKEN: "" };
});
afterAll(async () => {
  await db.close();
  await rm(folder, { recursive: true, force: true });
});

const run = (args: string[], more: Record<string, string> = {}) =>
  intervene(["export", "--study", "from the shell", ...args], { env: { ...env, ...more } });
const to = (name: string) => path.join(folder, name);

describe("intervene export", () => {
  it("writes a data set as the contract says, and says what users must know", { timeout: SLOW }, async () => {
    const done = await run(["--dataset", "int", "--format", "trl-conversational", "--out", to("one")]);
    expect([done.status, done.err]).toEqual([0, ""]);
    expect(done.out).toMatch(/19 rows as trl-conversational in .*one: train\.jsonl \(0\.\d MB\), manifest\.json, README\.md\./);
    expect(done.out).toContain("stop in the middle of an answer");
    expect((await readdir(to("one"))).sort()).toEqual(["README.md", "manifest.json", "train.jsonl"]);
    expect(await readJsonLines(to("one/train.jsonl"))).toHaveLength(19);
    // Written once, it is not written over.
    const again = await run(["--dataset", "int", "--format", "trl-conversational", "--out", to("one")]);
    expect([again.status, again.out]).toEqual([2, ""]);
    expect(again.err).toMatch(/something at .*one already/);
  });

  it("prints one JSON document, tokenises with a folder's tokenizer, filters a table", { timeout: SLOW }, async () => {
    const tokens = await run(["--dataset", "int", "--format", "trl-tokenised", "--file", "parquet", "--tokenizer", "workers/lab/model", "--out", to("ids"), "--json"]);
    expect([tokens.status, tokens.err]).toEqual([0, ""]);
    const manifest = JSON.parse(tokens.out) as { counts: { rows: number }; digest: string; folder: string };
    expect(manifest).toMatchObject({ counts: { rows: 19 }, folder: to("ids") });
    expect(JSON.parse(await readFile(to("ids/manifest.json"), "utf8"))).toMatchObject({ digest: manifest.digest });
    expect(Object.keys((await readParquet(to("ids/train.parquet")))[0] as object)).toEqual(["input_ids", "labels"]);
    const decisions = await run(["--table", "decisions", "--format", "jsonl", "--out", to("d"), "--open-blind-queue", "open and blind", "--names"]);
    expect(decisions.status).toBe(0);
    expect(await readFile(to("d/train.jsonl"), "utf8")).toContain("Ada Lovelace");
  });

  it.each<[string[], RegExp]>([
    [["--format", "jsonl"], /Name what to write: --dataset NAME or --table TABLE/],
    [["--dataset", "int", "--format", "excel"], /There is no format "excel"/],
    [["--dataset", "nope", "--format", "jsonl"], /no data set called “nope”; it has .*“int”/],
    [["--table", "songs", "--format", "jsonl"], /Allowed choices are problems, attempts/],
    [["--dataset", "int", "--format", "trl-tokenised"], /needs the tokenizer of "lab", and no inference server is known/],
    [["--dataset", "int", "--format", "jsonl", "--push", "team/x"], /Set HF_TOKEN/],
  ])("wrong use %j is exit status 2 and one sentence", { timeout: SLOW }, async (args, says) => {
    const { status, out, err } = await run([...args, "--out", to("nothing")]);
    expect([status, out]).toEqual([2, ""]);
    expect(err).toMatch(says);
    expect(existsSync(to("nothing"))).toBe(false);
  });

  it("pushes with the token of its environment", { timeout: SLOW }, async () => {
    const hub = await startHub({ token: "hf_shell", owners: ["team"] });
    try {
      const done = await run(["--table", "problems", "--format", "parquet", "--out", to("p"), "--push", "team/problems"], {
        HF_TOKEN: "hf_shell",
        HF_ENDPOINT: hub.endpoint,
      });
      expect([done.status, done.err]).toEqual([0, ""]);
      expect(done.out).toContain(`Pushed to ${hub.endpoint}/datasets/team/problems (commit `);
      expect(done.out).not.toContain("hf_shell");
      expect(hub.repos.get("team/problems")?.files.has("train.parquet")).toBe(true);
    } finally {
      await hub.close();
    }
  });
});
