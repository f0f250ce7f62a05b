import { execFileSync, spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import path from "node:path";
import { InterveneError } from "@/server/errors";

/** How to start PostgreSQL's programs: under which account, and by which command in front of them. */
export interface Account {
  /** Who owns the data folder; not set: we ourselves. */
  owner: Ids | undefined;
  /** uid and gid for spawn; not set: spawn as we are. */
  spawnAs: Ids | Record<string, never>;
  /** Program and arguments that stand before the real ones; empty for none. */
  prefix: string[];
}

export interface Ids {
  uid: number;
  gid: number;
}

/**
 * PostgreSQL refuses to run as root. As an ordinary user nothing is to be done; as root it runs as the owner of the
 * data folder, or, for a new folder, as "postgres" or "nobody". That account must reach the programs and the data: in
 * a folder such as /root, which is closed to others, it is given the capability to pass through (by setpriv).
 * @param data the data folder; need not exist.
 * @param programs one of PostgreSQL's programs.
 * @throws InterveneError("cannot_start") when there is no such account or it cannot reach them.
 */
export function chooseAccount(data: string, programs: string): Account {
  if (process.platform === "win32" || process.getuid?.() !== 0) return { owner: undefined, spawnAs: {}, prefix: [] };
  const ids = ownerOf(data) ?? idsOf("postgres") ?? idsOf("nobody");
  if (!ids) {
    throw new InterveneError("cannot_start", "PostgreSQL does not run as root, and this machine has neither a user postgres nor a user nobody: start as an ordinary user, or set DATABASE_URL.");
  }
  const closed = firstClosed(programs, ids.uid) ?? firstClosed(data, ids.uid);
  if (closed === undefined) return { owner: ids, spawnAs: ids, prefix: [] };
  const prefix = [
    "setpriv",
    `--reuid=${ids.uid}`,
    `--regid=${ids.gid}`,
    "--clear-groups",
    // Without this, access(2), by which initdb looks for its programs, ignores the capability.
    "--securebits=+no_setuid_fixup",
    "--inh-caps=+dac_override",
    "--ambient-caps=+dac_override",
    "--",
  ];
  const [setpriv = "", ...args] = prefix;
  if (spawnSync(setpriv, [...args, "test", "-x", programs]).status === 0) return { owner: ids, spawnAs: {}, prefix };
  throw new InterveneError(
    "cannot_start",
    `PostgreSQL does not run as root, and the user with the id ${ids.uid}, as whom it would run, may not enter ${closed}: start as an ordinary user, move the project out of ${closed}, or set DATABASE_URL.`,
  );
}

function ownerOf(folder: string): Ids | undefined {
  const stat = statSync(folder, { throwIfNoEntry: false });
  return stat && stat.uid !== 0 ? { uid: stat.uid, gid: stat.gid } : undefined;
}

function idsOf(user: string): Ids | undefined {
  try {
    const id = (flag: string) => Number.parseInt(execFileSync("id", [flag, user], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }), 10);
    const ids = { uid: id("-u"), gid: id("-g") };
    return ids.uid > 0 && ids.gid >= 0 ? ids : undefined;
  } catch {
    return undefined; // no such user here
  }
}

/** The outermost folder on the way to `file` that others (and its owner, unless that is `uid`) may not enter. */
function firstClosed(file: string, uid: number): string | undefined {
  const parts = path.resolve(file).split(path.sep);
  for (let n = 1; n < parts.length; n++) {
    const folder = parts.slice(0, n).join(path.sep) || path.sep;
    const stat = statSync(folder, { throwIfNoEntry: false });
    if (!stat) return undefined; // not there yet: we will make it, open
    if ((stat.mode & (stat.uid === uid ? 0o100 : 0o001)) === 0) return folder;
  }
  return undefined;
}
