import { spawnSync } from "node:child_process";
import { createServer } from "node:http";
import { mkdirSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { start, temporaryFolder } from "./system";

/** Run `npm start`'s program, which is expected to refuse. */
async function refused(env: Record<string, string>, args: string[] = []) {
  const run = start("workers/start/main.ts", env, args);
  const status = await run.ended;
  return { status, output: run.output(), lines: run.errors().trim().split("\n") };
}

test.each([
  [{ PORT: "http" }, /^intervene: PORT="http": must be a port number$/],
  [{ DATABASE_URL: "mysql://localhost/x" }, /^intervene: DATABASE_URL="mysql:\/\/localhost\/x": must be a URL beginning with postgres:\/\/ or postgresql:\/\/$/],
] as [Record<string, string>, RegExp][])("a wrong environment %o: one line, status 2", async (env, line) => {
  const home = temporaryFolder();
  const run = await refused({ INTERVENE_HOME: home, ...env });
  expect(run).toMatchObject({ status: 2, output: "", lines: [expect.stringMatching(line)] });
});

test("a host that is not ours: one line, status 2", async () => {
  const run = await refused({ INTERVENE_HOME: temporaryFolder(), HOST: "192.0.2.1", PORT: "0" });
  expect(run).toMatchObject({ status: 2, output: "", lines: [expect.stringMatching(/^intervene: HOST="192\.0\.2\.1" is not an address of this machine/)] });
});

test("an unknown flag: one line that names it, status 2", async () => {
  const run = await refused({ INTERVENE_HOME: temporaryFolder() }, ["--nodemo"]);
  expect(run).toMatchObject({ status: 2, lines: [expect.stringContaining('does not know "--nodemo"')] });
});

test("a taken port: one line, status 2, nothing started", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await new Promise((r) => other.once("listening", r));
  const { port } = other.address() as { port: number };
  const home = temporaryFolder();
  const run = await refused({ INTERVENE_HOME: home, PORT: String(port) });
  other.close();
  expect(run).toMatchObject({ status: 2, output: "", lines: [expect.stringMatching(`^intervene: Port ${port} of 127\\.0\\.0\\.1 is taken`)] });
  expect(spawnSync("ls", [home], { encoding: "utf8" }).stdout.split("\n").sort()).toEqual(["", "format.json", "logs"]);
});

test("a data folder of a newer version: one line, status 2", async () => {
  const home = temporaryFolder();
  writeFileSync(`${home}/format.json`, JSON.stringify({ format: 999, version: "9.1.0" }));
  const run = await refused({ INTERVENE_HOME: home, PORT: "0" });
  expect(run).toMatchObject({ status: 2, lines: [expect.stringMatching(/was made by a newer version of Intervene \(9\.1\.0\); this is \d/)] });
});

test("a data folder of a newer PostgreSQL: one line, status 2", async () => {
  const home = temporaryFolder();
  mkdirSync(`${home}/postgres/data`, { recursive: true });
  writeFileSync(`${home}/postgres/data/PG_VERSION`, "19\n");
  const run = await refused({ INTERVENE_HOME: home, PORT: "0" }, ["--no-web"]);
  expect(run).toMatchObject({ status: 2, lines: [expect.stringMatching(/was made by PostgreSQL 19 \(a newer version of Intervene\)/)] });
});

test("a database that is not there: one line, status 2", async () => {
  const run = await refused({ INTERVENE_HOME: temporaryFolder(), PORT: "0", DATABASE_URL: "postgres://nobody:secret@127.0.0.1:1/none" }, ["--no-web"]);
  expect(run).toMatchObject({ status: 2, lines: [expect.stringMatching(/^intervene: The database at 127\.0\.0\.1:1\/none cannot be reached: .*ECONNREFUSED/)] });
  expect(run.lines[0]).not.toContain("secret");
});
