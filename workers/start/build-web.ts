import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { InterveneError } from "@/server/errors";
import { releaseLock, takeLock } from "../database/lock";
import { killGroup } from "../database/processes";
import { ROOT } from "./child";
import type { LogFile } from "./log-file";

/** What the built pages depend on; a change in any of it means a new build. */
const SOURCES = ["app", "components", "server", "public", "prisma/schema.prisma", "next.config.js", "instrumentation.ts", "proxy.ts", "tsconfig.json", ".postcssrc.json", "package-lock.json"];
/** Generated from the schema; its bytes may differ between machines. */
const GENERATED = path.join(ROOT, "server/store/generated");
const STAMP = path.join(ROOT, ".next/intervene-sources");

/** Path of Next's program. */
export const NEXT = createRequire(import.meta.url).resolve("next/dist/bin/next");

/** Whether .next was built from the sources as they are now. */
export function isBuilt(): boolean {
  return existsSync(STAMP) && readFileSync(STAMP, "utf8") === digestOfSources();
}

/**
 * Build the pages into .next unless that is done already. One build at a time on this checkout: a second start waits for the
 * first one's. Aborting kills the build and leaves .next marked as not built.
 * @throws InterveneError("backend") with where to read what went wrong.
 */
export async function buildWeb(log: LogFile, signal: AbortSignal): Promise<void> {
  const lock = path.join(tmpdir(), `intervene-build-${createHash("sha256").update(ROOT).digest("hex").slice(0, 16)}.lock`);
  while (takeLock(lock, "a build") !== undefined) {
    await new Promise((r) => setTimeout(r, 300));
    if (signal.aborted) return;
  }
  try {
    if (isBuilt()) return;
    const digest = digestOfSources();
    rmSync(STAMP, { force: true });
    await runBuild(log, signal);
    if (signal.aborted) return;
    mkdirSync(path.dirname(STAMP), { recursive: true });
    writeFileSync(STAMP, digest);
  } finally {
    releaseLock(lock);
  }
}

async function runBuild(log: LogFile, signal: AbortSignal): Promise<void> {
  const guard = fileURLToPath(new URL("follow-parent.mjs", import.meta.url));
  const child = spawn(process.execPath, ["--import", guard, NEXT, "build"], {
    cwd: ROOT,
    detached: process.platform !== "win32",
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", INTERVENE_PARENT: String(process.pid) },
  });
  const tail: string[] = [];
  const keepChunk = (chunk: Buffer) => {
    log.write(chunk);
    tail.push(...chunk.toString("utf8").split("\n"));
    tail.splice(0, tail.length - 40);
  };
  child.stdout.on("data", keepChunk);
  child.stderr.on("data", keepChunk);
  const kill = () => child.pid !== undefined && killGroup(child.pid);
  signal.addEventListener("abort", kill, { once: true });
  const status = await new Promise<number | string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, how) => resolve(code ?? how ?? "unknown"));
  });
  signal.removeEventListener("abort", kill);
  kill();
  if (status !== 0 && !signal.aborted) {
    throw new InterveneError("backend", `The pages could not be built (next build: ${status}; all of it in ${log.path}):\n${tail.join("\n").trim()}`);
  }
}

function digestOfSources(): string {
  const hash = createHash("sha256");
  const add = (file: string) => {
    hash.update(`${path.relative(ROOT, file)}\0`).update(readFileSync(file)).update("\0");
  };
  const walk = (folder: string) => {
    if (folder === GENERATED) return;
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) walk(file);
      else if (entry.isFile()) add(file);
    }
  };
  for (const source of SOURCES) {
    const file = path.join(ROOT, source);
    if (!existsSync(file)) continue;
    if (source.includes(".")) add(file);
    else walk(file);
  }
  return hash.digest("hex");
}
