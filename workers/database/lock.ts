import { constants, copyFileSync, linkSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { InterveneError } from "@/server/errors";
import { isAlive, startTimeOf } from "./processes";

const schema = z.object({ pid: z.number().int().positive(), startTime: z.string(), note: z.string() });

/** Who holds a lock. `startTime` tells a process from a later one of the same number. */
export type Holder = z.infer<typeof schema>;

/**
 * Take a lock file, or say who holds it. A holder that is dead does not count.
 * @param note what others are told about the holder, e.g. its URL.
 * @returns undefined when the lock is ours now.
 */
export function takeLock(file: string, note: string): Holder | undefined {
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, JSON.stringify({ pid: process.pid, startTime: startTimeOf(process.pid), note } satisfies Holder));
  try {
    for (let tries = 0; tries < 50; tries++) {
      // A link appears whole or not at all, and fails if the name is taken.
      if (tryLink(mine, file)) return undefined;
      const holder = readHolder(file);
      if (holder && holds(holder)) return holder;
      removeStale(file);
    }
  } finally {
    rmSync(mine, { force: true });
  }
  throw new InterveneError("cannot_start", `The lock ${file} cannot be taken: remove it if nothing is running there.`);
}

/** Give a lock back, if it is ours. */
export function releaseLock(file: string): void {
  if (readHolder(file)?.pid === process.pid) rmSync(file, { force: true });
}

/** Two who find the same stale lock must not remove each other's new one: only the holder of a second lock may remove. */
function removeStale(file: string): void {
  const guard = `${file}.takeover`;
  const own = `${guard}.${process.pid}`;
  writeFileSync(own, "");
  try {
    if (!tryLink(own, guard)) {
      const since = statSync(guard, { throwIfNoEntry: false })?.mtimeMs ?? 0;
      if (Date.now() - since > 5_000) rmSync(guard, { force: true }); // killed in between
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
      return;
    }
    const holder = readHolder(file);
    if (!holder || !holds(holder)) rmSync(file, { force: true });
    rmSync(guard, { force: true });
  } finally {
    rmSync(own, { force: true });
  }
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "EEXIST") return false;
    if (code !== "EPERM" && code !== "ENOSYS" && code !== "ENOTSUP" && code !== "EOPNOTSUPP") throw error;
  }
  // A file system without hard links: nearly as good.
  try {
    copyFileSync(from, to, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function readHolder(file: string): Holder | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined; // gone meanwhile, or damaged: either way nobody holds it
  }
}

function holds(holder: Holder): boolean {
  return isAlive(holder.pid) && startTimeOf(holder.pid) === holder.startTime;
}
