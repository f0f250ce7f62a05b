import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { intervene, spawnIntervene } from "./command";

/** Each command is a process of its own; on a machine at work one takes seconds. */
const SLOW = 120_000;

let db: TestDatabase;
let folder: string;
let env: Record<string, string>;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "intervene-cli-"));
  db = await createTestDatabase("cli");
  env = { INTERVENE_HOME: path.join(folder, "home"), DATABASE_URL: db.url };
});
afterAll(async () => {
  await db.close();
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, lines: unknown[]): string {
  const file = path.join(folder, name);
  writeFileSync(file, lines.map((l) => `${typeof l === "string" ? l : JSON.stringify(l)}\n`).join(""));
  return file;
}

describe("wrong use is exit status 2, one sentence, nothing on standard output", () => {
  test.each([
    [["nonsense"], /unknown command 'nonsense'/],
    [["import", "no-such-file.jsonl", "--study", "s"], /There is no file .*no-such-file\.jsonl/],
    [["import", "package.json", "--study", "s", "--as", "songs"], /Allowed choices are problems, attempts, traces/],
    [["status", "--study", "no such study"], /There is no study "no such study"/],
    [["run", "sing", "--study", "s"], /There is no recipe "sing"; there are .*"sft"/],
    [["run", "int", "--study", "no such study"], /There is no study "no such study"/],
    [["run", "sft", "--study", "s", "--launcher", "slurm:colour=red"], /It must be local, slurm or ray with its options, e\.g\. slurm:partition=gpu/],
    [["run", "sft", "--study", "s", "--hold-out", "1"], /It must be a share from 0 to 0\.9/],
    [["pause", "--study", "no such study"], /There is no study/],
    [["worker"], /INFERENCE_URL is not set/],
    [["lab", "problems", "--n", "0", "--seed", "1"], /whole number from 1 on/],
  ])("%j", { timeout: SLOW }, async (args, message) => {
    const { status, out, err } = await intervene(args, { env });
    expect(err).toMatch(message);
    expect({ status, out }).toEqual({ status: 2, out: "" });
    expect(err).not.toMatch(/^\s+at /m);
  });

  test("a bad environment, before anything else", { timeout: SLOW }, async () => {
    const { status, err } = await intervene(["status"], { env: { ...env, PORT: "http" } });
    expect(status).toBe(2);
    expect(err).toBe('PORT="http": must be a port number\n');
  });

  test("a database that is not there", { timeout: SLOW }, async () => {
    const { status, err } = await intervene(["status"], {
      env: { ...env, DATABASE_URL: "postgres://x@127.0.0.1:9/x" },
    });
    expect(status).toBe(2);
    expect(err).toMatch(/^The database at 127\.0\.0\.1:9\/x cannot be reached: .*\n$/);
  });
});

test("import, then status: counts in one JSON document", { timeout: SLOW }, async () => {
  const attempt = (n: number) => ({
    problem: `What is ${n}?`,
    answer: n,
    attempt: `It is\n\n\\boxed{${n % 2}}.`,
    model: "m",
  });
  const file = write("attempts.jsonl", [attempt(1), "broken", attempt(2), attempt(3)]);
  const first = await intervene(["import", file, "--study", "mine", "--json"], { env });
  expect(first.status).toBe(0);
  const report = JSON.parse(first.out);
  expect(report).toMatchObject({
    study: "mine",
    rows: { read: 4, used: 3, bad: 1 },
    attempts: { added: 3, present: 0 },
  });

  const again = await intervene(["import", file, "--study", "mine"], { env });
  expect(again.status).toBe(0);
  expect(again.out).toMatch(/attempts \(attempts, JSON lines\) by its first rows/);
  expect(again.out).toMatch(/Everything was there already; nothing was changed\./);
  expect(again.out).toMatch(/row 2, row: is not JSON/);

  const { out, status } = await intervene(["status", "--json"], { env });
  expect(status).toBe(0);
  const none = { problems: 0, covered: 0, samples: 0, correct: 0 };
  expect(JSON.parse(out)).toEqual({
    studies: [
      {
        name: "mine",
        runs: [{ id: expect.any(String), stage: "import", state: "done", total: 3, done: 3, failed: 0 }],
        arms: { problem: none, prefix: none, original: none, intervention: none },
        proposals: null,
      },
    ],
  });
  expect((await intervene(["status", "--study", "mine"], { env })).out).toMatch(/import +done +3 +3 +0/);
});

test("a file with no usable row at all is work that failed: exit status 1", { timeout: SLOW }, async () => {
  const file = write("hopeless.jsonl", [{ problem: "p" }, { problem: "q" }]);
  const { status, out } = await intervene(["import", file, "--study", "none", "--format", "problems"], { env });
  expect(status).toBe(1);
  expect(out).toMatch(/2 rows of 2 could not be used/);
});

test("run, pause, resume and cancel the lab study", { timeout: SLOW }, async () => {
  const started = await intervene(["run", "int", "--study", "lab", "--max-problems", "2", "--json"], { env });
  expect(started.err).toMatch(/No worker is at work/);
  expect(started.status).toBe(0);
  const { runs } = JSON.parse(started.out) as { runs: { id: string; stage: string; state: string; total: number }[] };
  expect(runs.map((r) => r.stage)).toEqual(["rollout", "grade", "verify", "continue", "keep"]);
  expect(runs[0]).toMatchObject({ state: "queued", total: 8 });

  const states = async () => {
    const { out } = await intervene(["status", "--study", "lab", "--json"], { env });
    return new Set((JSON.parse(out).studies[0].runs as { state: string }[]).map((r) => r.state));
  };
  const does = async (verb: string) => (await intervene([verb, "--study", "lab"], { env })).status;
  expect(await does("pause")).toBe(0);
  expect(await states()).toEqual(new Set(["paused"]));
  expect(await does("pause")).toBe(2); // it is paused already
  expect(await does("resume")).toBe(0);
  const [, , , last] = runs;
  const one = await intervene(["cancel", "--study", "lab", "--run", last?.id ?? ""], { env });
  expect(one.out.trim()).toBe("continue: queued → cancelled");
  expect((await intervene(["cancel", "--study", "lab", "--run", "nonsense"], { env })).err).toMatch(/has no run nonsense/);
  expect(await does("cancel")).toBe(0);
  expect(await states()).toEqual(new Set(["cancelled"]));
  expect(await does("retry")).toBe(2); // nothing has failed
});

test("worker: one more, until SIGTERM, which reaches the worker itself", { timeout: SLOW }, async () => {
  const worker = spawnIntervene(["worker"], { ...env, INFERENCE_URL: "http://127.0.0.1:9" });
  let out = "";
  const ready = new Promise<void>((resolve, reject) => {
    worker.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
      if (/is ready/.test(out)) resolve();
    });
    worker.once("exit", (code) => reject(new Error(`the worker ended (${code}): ${out}`)));
  });
  await ready;
  const ended = new Promise<number | null>((resolve) => {
    worker.once("close", resolve); // its pipes close when the worker below it has gone too
  });
  worker.kill("SIGTERM");
  expect(await ended).toBe(0);
});

test("grade: a line out for each line in, from a file and from standard input", { timeout: SLOW }, async () => {
  const lines = [
    { gold: "10,800", pred: "10800" },
    { gold: 4, pred: "so it is \\boxed{ 4 }." },
    { gold: "1", pred: "2" },
  ];
  const { out, status } = await intervene(["grade", "--file", write("cases.jsonl", lines)]);
  expect(status).toBe(0);
  const graded = out
    .trim()
    .split("\n")
    .map((l) => JSON.parse(l));
  expect(graded.map((g) => Object.keys(g))).toEqual(Array(3).fill(["gold", "pred", "equal", "reason"]));
  expect(graded.map((g) => g.equal)).toEqual([true, true, false]);

  const bad = await intervene(["grade", "--file", "-"], { input: '{"gold": "1"}\n\n{"gold": "1", "pred": "1"}\n' });
  expect(bad.status).toBe(1);
  expect(bad.err).toBe('line 1: "pred" is missing\n');
  expect(bad.out.trim().split("\n")).toHaveLength(1);
});

test("lab problems: reproducible, a prefix of longer lists, and readable by import", { timeout: SLOW }, async () => {
  const few = await intervene(["lab", "problems", "--n", "3", "--seed", "7"]);
  const more = await intervene(["lab", "problems", "--n", "5", "--seed", "7"]);
  expect(few.status).toBe(0);
  expect(more.out.startsWith(few.out)).toBe(true);
  expect((await intervene(["lab", "problems", "--n", "3", "--seed", "8"])).out).not.toBe(few.out);
  const file = path.join(folder, "lab.jsonl");
  writeFileSync(file, more.out);
  const { out } = await intervene(["import", file, "--study", "fresh", "--json"], { env });
  expect(JSON.parse(out)).toMatchObject({ format: "problems", problems: { added: 5 }, notKept: [] });
});

describe("doctor", () => {
  test("every check in one document, with what to do", { timeout: SLOW }, async () => {
    const { out } = await intervene(["doctor", "--json"], {
      env: { ...env, INFERENCE_URL: "http://127.0.0.1:9", PORT: "0" },
    });
    const { checks } = JSON.parse(out) as { checks: { name: string; state: string; message: string }[] };
    const state = Object.fromEntries(checks.map((c) => [c.name, c.state]));
    expect(state).toMatchObject({
      Node: "ok",
      environment: "ok",
      database: "ok",
      migrations: "ok",
      workers: "warn",
      inference: "fail",
      port: "ok",
    });
    expect(checks.find((c) => c.name === "inference")?.message).toMatch(/start it, or correct INFERENCE_URL/);
  });

  test("changes nothing: no data folder is made, no migration applied", { timeout: SLOW }, async () => {
    const home = path.join(folder, "untouched");
    const { out, status } = await intervene(["doctor"], { env: { INTERVENE_HOME: home, PORT: "not a port" } });
    expect(status).toBe(1);
    expect(out).toMatch(/^fail {2}environment: PORT="not a port": must be a port number$/m);
    await intervene(["doctor"], { env: { INTERVENE_HOME: home, PORT: "0" } });
    expect(() => rmSync(home, { recursive: true })).toThrow(/ENOENT/);
  });
});
