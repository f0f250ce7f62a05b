import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { InterveneError } from "@/server/errors";
import type { Check } from "@/server/usecases/doctor";
import { findBinaries } from "../../database/binaries";
import { ensureGenerated } from "../../setup/ensure-generated";
import { version } from "../../version";
import { printJson, printLine } from "../output";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

export function addDoctor(program: Command, done: (status: 0 | 1) => void): void {
  program
    .command("doctor")
    .description("look at everything Intervene needs, and say what to do where something is wrong")
    .option("--json", "print one JSON document")
    .action(async (options: { json?: boolean }) => {
      ensureGenerated();
      // Only now: they import the generated Prisma client.
      const { connectDatabase } = await import("@/server/store/connection");
      const { openDatabase } = await import("../../database/open");
      const { runDoctor } = await import("@/server/usecases/doctor");
      const checks: Check[] = [];
      const look = runDoctor({
        version: version(),
        environment: process.env,
        modelFolder: path.join(ROOT, "workers/lab/model"),
        connect: (url) => connectDatabase(url, { max: 2, name: "intervene doctor" }),
        openEmbedded: (env) => openDatabase(env, { max: 2, name: "intervene doctor" }),
        programs: {
          "PostgreSQL program": () => path.relative(ROOT, findBinaries().postgres),
          "engine program": findEngine,
        },
      });
      for await (const check of look) {
        checks.push(check);
        if (!options.json) await printLine(`${check.state.padEnd(4)}  ${check.name}: ${check.message}`);
      }
      if (options.json) await printJson({ checks });
      done(checks.some((c) => c.state === "fail") ? 1 : 0);
    });
}

/** The llama.cpp binary that npm brings for this platform; the CPU build of any kind will do. */
function findEngine(): string {
  const require = createRequire(import.meta.url);
  const platform = { darwin: "mac", win32: "win" }[process.platform as string] ?? process.platform;
  const kinds = [`${platform}-${process.arch}`, `${platform}-${process.arch}-metal`];
  for (const base of require.resolve.paths("node-llama-cpp") ?? []) {
    for (const kind of kinds) {
      const folder = path.join(base, "@node-llama-cpp", kind);
      if (existsSync(folder)) return path.relative(ROOT, folder);
    }
  }
  throw new InterveneError(
    "cannot_start",
    `The embedded engine for this machine (@node-llama-cpp/${kinds[0]}) is not installed: run npm ci, or set INFERENCE_URL to a server of your own.`,
  );
}
