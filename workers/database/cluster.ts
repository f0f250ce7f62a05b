import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { InterveneError } from "@/server/errors";
import type { Account } from "./account";
import { type Binaries, POSTGRES_MAJOR } from "./binaries";

/** Where things lie in the folder of the embedded server. */
export function clusterPaths(folder: string) {
  return {
    /** PostgreSQL's own data folder, owned by the account that runs it. */
    data: path.join(folder, "data"),
    /** The password of user "intervene", readable by us alone. */
    password: path.join(folder, "password"),
    /** The port of the last start, so that it stays the same while it is free. */
    port: path.join(folder, "port"),
  };
}

/**
 * Make the data folder if there is none: UTF-8, checksums, and PostgreSQL's builtin C.UTF-8 collation, which does not
 * depend on the machine's locales and so survives a move to another one. It is made under another name and renamed
 * when complete: a kill in between leaves nothing that looks whole.
 * @returns the password of user "intervene".
 * @throws InterveneError("cannot_start") for a folder of another major version, or when initdb fails.
 */
export function ensureCluster(folder: string, binaries: Binaries, account: Account): string {
  const { data, password: passwordFile } = clusterPaths(folder);
  if (existsSync(data)) {
    const version = readVersion(data);
    if (version !== POSTGRES_MAJOR) {
      const what = version > POSTGRES_MAJOR ? "a newer version of Intervene" : "an older version of Intervene";
      throw new InterveneError("cannot_start", `The data folder ${folder} was made by PostgreSQL ${version} (${what}); this one has PostgreSQL ${POSTGRES_MAJOR}: use that version of Intervene, or set INTERVENE_HOME to another folder.`);
    }
    if (!existsSync(passwordFile)) {
      throw new InterveneError("cannot_start", `The database's password file ${passwordFile} is missing: put it back, or set INTERVENE_HOME to another folder.`);
    }
    return readFileSync(passwordFile, "utf8").trim();
  }

  mkdirSync(folder, { recursive: true });
  const password = randomBytes(24).toString("base64url");
  const unfinished = path.join(folder, "data.new");
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  const passwordCopy = path.join(folder, "password.new");
  writeFileSync(passwordCopy, `${password}\n`, { mode: 0o600 });
  if (account.owner) {
    chownSync(unfinished, account.owner.uid, account.owner.gid);
    chownSync(passwordCopy, account.owner.uid, account.owner.gid);
  }
  try {
    const args = [`--pgdata=${unfinished}`, "--username=intervene", `--pwfile=${passwordCopy}`, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--data-checksums", "--no-instructions"];
    const [program = "", ...rest] = [...account.prefix, binaries.initdb, ...args];
    const run = spawnSync(program, rest, { ...account.spawnAs, encoding: "utf8", env: cleanEnv() });
    if (run.status !== 0) {
      const why = run.error?.message ?? run.stderr.trim().split("\n").at(-1) ?? "";
      throw new InterveneError("cannot_start", `The database could not be made in ${folder}: ${why}`, { cause: run.error ?? new Error(run.stderr) });
    }
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
    chmodSync(passwordFile, 0o600);
    renameSync(unfinished, data);
  } finally {
    rmSync(passwordCopy, { force: true });
    rmSync(unfinished, { recursive: true, force: true });
  }
  return password;
}

/** The environment for PostgreSQL's programs: PG* variables of the user's own servers must not reach them. */
export function cleanEnv(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("PG") && !name.startsWith("LC_"));
  return { ...(Object.fromEntries(kept) as NodeJS.ProcessEnv), LANG: "C", LC_ALL: "C", TZ: "UTC" };
}

/** Major version that a data folder was made by. */
function readVersion(data: string): number {
  const file = path.join(data, "PG_VERSION");
  const version = existsSync(file) ? Number.parseInt(readFileSync(file, "utf8"), 10) : Number.NaN;
  if (!Number.isInteger(version)) {
    throw new InterveneError("cannot_start", `The folder ${data} is there but holds no PostgreSQL data (no ${file}): move it away, or set INTERVENE_HOME to another folder.`);
  }
  return version;
}
