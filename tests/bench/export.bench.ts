import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { rm, stat } from "node:fs/promises";
import path from "node:path";
import { finished } from "node:stream/promises";
import { from as copyFrom } from "pg-copy-streams";
import { v7 as uuid } from "uuid";
import { randomStream } from "@/server/core/seeds";
import { connectDatabase, type Database } from "@/server/store/connection";
import { migrate } from "@/server/store/migrate";
import { parseWish, resolve } from "@/server/usecases/exports/source";
import { writeExport } from "@/server/usecases/exports/write-export";
import { startDatabaseServer } from "@/workers/database/server";
import { pythonWith } from "../export/support/python";
import { type Bench, type BenchContext, quantile } from "./bench";

const ROUNDS = 5;
const CHARACTERS = 8_000;

/** load_dataset("json") of the same rows and to_parquet, timed inside of Python: its start and imports do not count. */
const PYTHON = `
import os, shutil, sys, time
import datasets
datasets.disable_progress_bars()
source, cache, out = sys.argv[1:]
shutil.rmtree(cache, ignore_errors=True)
start = time.perf_counter()
rows = datasets.load_dataset("json", data_files=source, split="train", cache_dir=cache)
rows.to_parquet(out)
print("SECONDS", time.perf_counter() - start, len(rows), os.path.getsize(out))
`;

/** Sentences put together at random: text that compresses about as answers do. */
function writer(): () => string {
  const random = randomStream(3);
  const pick = <T>(of: readonly T[]) => of[Math.floor(random() * of.length)] as T;
  const syllables = ["al", "ber", "con", "der", "est", "for", "gra", "hin", "ite", "jus", "kel", "lim", "mon", "nor", "ope", "pri"];
  const words = Array.from({ length: 4_000 }, () => Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(syllables)).join(""));
  return () => {
    let text = "";
    while (text.length < CHARACTERS) {
      const step = Array.from({ length: 12 + Math.floor(random() * 20) }, () => pick(words)).join(" ");
      text += `${step}, so $x_{${Math.floor(random() * 100)}} = ${Math.floor(random() * 1e6)}$.\n\n`;
    }
    return text.trimEnd();
  };
}

async function fill(db: Database, n: number): Promise<{ id: string; name: string }> {
  const study = { id: uuid(), name: "bench" };
  const [set, run, model] = [uuid(), uuid(), uuid()];
  await db.pool.query("INSERT INTO study (id, name) VALUES ($1, $2)", [study.id, study.name]);
  await db.pool.query("INSERT INTO problem_set (id, study_id, name) VALUES ($1, $2, 'bench')", [set, study.id]);
  await db.pool.query("INSERT INTO model (id, study_id, name) VALUES ($1, $2, 'bench')", [model, study.id]);
  await db.pool.query("INSERT INTO run (id, study_id, stage, settings, state) VALUES ($1, $2, 'rollout', '{}', 'done')", [run, study.id]);
  const text = writer();
  const client = await db.pool.connect();
  const copy = async (table: string, columns: string, lines: () => Iterable<readonly (string | number)[]>) => {
    const stream = client.query(copyFrom(`COPY ${table} (${columns}) FROM STDIN`));
    for (const line of lines()) {
      const written = `${line.map((v) => String(v).replace(/\\/g, "\\\\").replace(/\n/g, "\\n")).join("\t")}\n`;
      if (!stream.write(written)) await once(stream, "drain");
    }
    stream.end();
    await finished(stream);
  };
  const problems = Array.from({ length: Math.ceil(n / 4) }, () => uuid());
  const attempts = Array.from({ length: n }, () => uuid());
  await copy("problem", "id, study_id, problem_set_id, key, ordinal, statement, answer", function* () {
    for (const [i, id] of problems.entries()) yield [id, study.id, set, `p${i}`, i, text().slice(0, 300), String(i)];
  });
  await copy("attempt", "id, run_id, problem_id, model_id, sample_index, seed, text, finish_reason, tokens, steps, reward", function* () {
    for (const [i, id] of attempts.entries())
      yield [id, run, problems[i >> 2] ?? "", model, i % 4, i, text(), "stop", 2_000 + (i % 500), 40, i % 2];
  });
  await copy("grade", "id, attempt_id, grader_version, reward, extracted, reason", function* () {
    for (const [i, id] of attempts.entries()) yield [uuid(), id, "exact@1", i % 2, String(i), "different"];
  });
  client.release();
  await db.pool.query("ANALYZE");
  return study;
}

/** The most memory that this process held while `work` ran, in MB above what it held before. */
async function withMemory(work: () => Promise<void>): Promise<number> {
  global.gc?.();
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 20);
  await work().finally(() => clearInterval(timer));
  return (most - before) / 1e6;
}

async function run({ figure, say, folder, args }: BenchContext): Promise<void> {
  const n = Number(args[0] ?? 40_000);
  const server = await startDatabaseServer({ folder: path.join(folder, "postgres"), logFile: path.join(folder, "postgres.log") });
  const db = connectDatabase(server.url, { name: "bench export" });
  try {
    await migrate(server.url);
    say(`Writing ${n} attempts of ${CHARACTERS} characters into a database…`);
    const study = await fill(db, n);
    const write = async (file: "jsonl" | "parquet") => {
      const into = path.join(folder, file);
      await rm(into, { recursive: true, force: true });
      const source = await resolve(db.pool, study, parseWish({ what: { kind: "table", table: "attempts" }, format: file }));
      const start = performance.now();
      const deps = { pool: db.pool, encoder: () => Promise.reject(new Error("not asked for")), tool: "intervene bench" };
      await writeExport(deps, source, { folder: into });
      return (performance.now() - start) / 1000;
    };
    const lines = path.join(folder, "jsonl", "train.jsonl");
    await write("jsonl");
    const megabytes = (await stat(lines)).size / 1e6;
    const python = pythonWith("datasets", "pyarrow");
    const ours: number[] = [];
    const theirs: number[] = [];
    let memory = 0;
    // In turns, so that whatever else the machine does falls on both.
    for (let round = 0; round < ROUNDS; round++) {
      memory = Math.max(memory, await withMemory(async () => void ours.push(await write("parquet"))));
      if (!python) continue;
      const child = spawnSync(python, ["-c", PYTHON, lines, path.join(folder, "cache"), path.join(folder, "theirs.parquet")], { encoding: "utf8" });
      const seconds = Number(/SECONDS (\S+)/.exec(child.stdout)?.[1]);
      if (!Number.isFinite(seconds)) throw new Error(child.stderr.slice(-2000));
      theirs.push(seconds);
      say(`round ${round + 1}: ours ${ours.at(-1)?.toFixed(2)} s, datasets ${seconds.toFixed(2)} s`);
    }
    const jsonl = await write("jsonl");
    const note = `${n} attempts, ${megabytes.toFixed(0)} MB as JSON lines, from the database; median of ${ROUNDS}`;
    const median = quantile(ours, 0.5);
    figure({ what: "attempts to Parquet, nested and typed", value: median, unit: "s", note });
    figure({ what: "attempts to Parquet, of their JSON lines", value: megabytes / median, unit: "MB/s" });
    figure({ what: "attempts to JSON lines", value: jsonl, unit: "s" });
    figure({ what: "memory while writing Parquet, above the rest", value: memory, unit: "MB", atMost: 300 });
    figure({ what: "size of the Parquet file", value: (await stat(path.join(folder, "parquet", "train.parquet"))).size / 1e6, unit: "MB" });
    if (!python) return say("datasets was not compared: no Python with it (set INTERVENE_PYTHON_VENV, or make .venv-test).");
    const their = quantile(theirs, 0.5);
    figure({ what: "datasets: load_dataset(json) and to_parquet", value: their, unit: "s", note: "the same rows from JSON lines, imports not counted" });
    figure({ what: "size of its Parquet file", value: (await stat(path.join(folder, "theirs.parquet"))).size / 1e6, unit: "MB" });
    figure({ what: "ours / datasets", value: median / their, unit: "×", atMost: 1 });
  } finally {
    await db.close();
    await server.stop();
  }
}

export const bench: Bench = { about: "export to Parquet beside the datasets library reading and writing the same rows", run };
