import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { expect, test, vi } from "vitest";
import { readRuntime, type Runtime } from "@/server/home";
import { isAlive } from "@/workers/database/processes";
import { processesWith, start, temporaryFolder, until } from "./system";

// Each test starts several processes; on a busy machine each takes seconds to load.
vi.setConfig({ testTimeout: 90_000 });

const PROGRAM = "tests/start/programs/main.ts";

/** A system with small programs for children, up and answering. */
async function running(home: string) {
  const system = start(PROGRAM, { INTERVENE_HOME: home, PORT: "0", DATABASE_URL: "", INFERENCE_URL: "" });
  const url = (await system.says(/Intervene is ready: (http:\S+)/))[1] ?? "";
  const runtime = readRuntime(home);
  if (!runtime) throw new Error("no runtime.json");
  return { ...system, url, runtime };
}

async function beats(runtime: Runtime): Promise<number> {
  const client = new pg.Client({ connectionString: runtime.databaseUrl });
  client.on("error", () => {});
  try {
    await client.connect();
    return Number((await client.query("SELECT count(*) FROM beats")).rows[0].count);
  } catch {
    return -1;
  } finally {
    await client.end().catch(() => {});
  }
}

test("start, second start, stop: the page answers, the second is told about the first, and nothing is left", async () => {
  const home = temporaryFolder();
  const first = await running(home);
  expect(await (await fetch(first.url)).text()).toBe("ok");
  expect(first.output().match(/http:/g)).toHaveLength(1);
  expect(statSync(path.join(home, "runtime.json")).mode & 0o777).toBe(0o600);
  expect(statSync(path.join(home, "postgres/password")).mode & 0o777).toBe(0o600);
  expect(Object.keys(first.runtime.pids).sort()).toEqual(["database", "engine", "web", "worker"]);

  const second = start(PROGRAM, { INTERVENE_HOME: home, PORT: "0" });
  expect(await second.ended).toBe(2);
  expect(second.errors().trim()).toBe(`Intervene already runs on the data folder ${home}: process ${first.pid}, ${first.url}.`);

  await until("some rows are written", async () => (await beats(first.runtime)) > 2);
  first.process.kill("SIGTERM");
  expect(await first.ended).toBe(0);
  expect(first.output().trim().split("\n").at(-1)).toBe("Stopped.");
  expect(processesWith(home)).toEqual([]);
  expect(existsSync(path.join(home, "runtime.json"))).toBe(false);
  expect(readRuntime(home)).toBeUndefined();
});

test("kill -9 of the database and of a child: both run again, at the same addresses", async () => {
  const home = temporaryFolder();
  const system = await running(home);
  const { database = 0, worker = 0 } = system.runtime.pids;
  await until("some rows are written", async () => (await beats(system.runtime)) > 2);
  process.kill(worker, "SIGKILL");
  process.kill(database, "SIGKILL");
  await until("a new worker writes to the same URL", async () => {
    const now = readRuntime(home);
    return now?.databaseUrl === system.runtime.databaseUrl && now.pids.worker !== worker && now.pids.database !== database && (await beats(system.runtime)) > 20;
  });
  expect(system.errors()).toMatch(/database +ended by itself/);
  expect(system.errors()).toMatch(/worker +ended by itself \(signal SIGKILL\); starts again in 1 s/);
  system.process.kill("SIGINT");
  expect(await system.ended).toBe(0);
  expect(processesWith(home)).toEqual([]);
});

test("kill -9 of the supervisor: all else ends by itself, and the next start takes over", async () => {
  const home = temporaryFolder();
  const first = await running(home);
  await until("some rows are written", async () => (await beats(first.runtime)) > 2);
  first.process.kill("SIGKILL");
  await first.ended;
  expect(readRuntime(home)).toBeUndefined();
  await until("nobody is left", () => processesWith(home).length === 0);
  const second = await running(home);
  await until("it goes on with the old rows", async () => (await beats(second.runtime)) > 5);
  second.process.kill("SIGTERM");
  expect(await second.ended).toBe(0);
});

test("a database server that outlived its supervisor is stopped before a new one starts", async () => {
  const home = temporaryFolder();
  const first = await running(home);
  const { database = 0 } = first.runtime.pids;
  // Without the guard that would have stopped it.
  for (const guard of processesWith(`intervene-database-guard ${database}`)) process.kill(Number.parseInt(guard, 10), "SIGKILL");
  first.process.kill("SIGKILL");
  await first.ended;
  const second = await running(home);
  expect(second.runtime.pids.database).not.toBe(database);
  expect(isAlive(database)).toBe(false);
  second.process.kill("SIGTERM");
  expect(await second.ended).toBe(0);
  await until("nobody is left", () => processesWith(home).length === 0);
});

test("a child that is still being loaded when its supervisor goes does not begin", async () => {
  // The number of a process that has just ended stands for a supervisor that was killed.
  const gone = spawn(process.execPath, ["-e", ""]);
  await once(gone, "exit");
  const guard = path.resolve("workers/start/follow-parent.mjs");
  const child = spawn(process.execPath, ["--import", guard, "tests/start/programs/idle.mjs"], {
    env: { ...process.env, INTERVENE_PARENT: String(gone.pid) },
  });
  const [status] = await once(child, "exit");
  expect(status).toBe(143);
});

test("a lock whose process is gone, or whose number another process has now, does not hold", async () => {
  const home = temporaryFolder();
  writeFileSync(path.join(home, "lock.json"), JSON.stringify({ pid: process.pid, startTime: "another boot", note: "http://127.0.0.1:1" }));
  const system = await running(home);
  expect(JSON.parse(readFileSync(path.join(home, "lock.json"), "utf8"))).toMatchObject({ pid: system.pid, note: system.url });
  system.process.kill("SIGTERM");
  expect(await system.ended).toBe(0);
});
