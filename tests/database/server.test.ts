import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";

vi.setConfig({ testTimeout: 90_000 });

function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "intervene-server-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Start and stop a server on a folder, as another user if asked to. */
function run(folder: string, uid?: number) {
  const ids = uid === undefined ? {} : { uid, gid: uid };
  const done = spawnSync(process.execPath, ["--import", "tsx", "tests/database/program.ts", folder], { encoding: "utf8", ...ids, env: { ...process.env, TMPDIR: path.dirname(folder) } });
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout) as Record<string, unknown>;
}

const isRoot = process.getuid?.() === 0;

test("the server has checksums, UTF-8 and the same collation everywhere, listens on the loopback alone, and keeps its port", () => {
  const folder = path.join(temporaryFolder(), "postgres");
  if (isRoot) chmodSync(path.dirname(folder), 0o755);
  const first = run(folder);
  expect(first).toMatchObject({ checksums: "on", encoding: "UTF8", listens: "127.0.0.1", sockets: "", provider: "b", linguistic: false, lower: "äö" });
  expect(run(folder)).toEqual(first);
  expect(statSync(path.join(folder, "password")).mode & 0o777).toBe(0o600);
  expect(statSync(path.join(folder, "data")).mode & 0o777).toBe(0o700);
});

test.runIf(isRoot)("as root in a folder that is closed to others, PostgreSQL still runs as somebody else", () => {
  const closed = path.join(temporaryFolder(), "home");
  mkdirSync(closed, { mode: 0o700 });
  const folder = path.join(closed, "postgres");
  run(folder);
  expect(statSync(path.join(folder, "data")).uid).not.toBe(0);
});

test.runIf(isRoot)("as an ordinary user it runs as that user", () => {
  const home = temporaryFolder();
  chownSync(home, 65_534, 65_534);
  const folder = path.join(home, "postgres");
  run(folder, 65_534);
  expect(statSync(path.join(folder, "data")).uid).toBe(65_534);
});
