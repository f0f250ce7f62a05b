import { readdirSync, readFileSync } from "node:fs";

/**
 * Processor time so far of a process and all below it, in ms (Linux; elsewhere NaN). What a busy machine does not change, other
 * than waiting times. Time of processes that have ended is not in it.
 */
export function processorMs(root: number): number {
  let pids: number[];
  try {
    pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number);
  } catch {
    return Number.NaN;
  }
  const parents = new Map(pids.map((pid) => [pid, parentOf(pid)]));
  const below = (pid: number): boolean => {
    for (let p: number | undefined = pid; p !== undefined && p > 0; p = parents.get(p)) if (p === root) return true;
    return false;
  };
  return pids.filter(below).reduce((sum, pid) => sum + ownMs(pid), 0);
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined;
  }
}

/** All threads of a process: each has a schedstat of its own, in ns. */
function ownMs(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/task`).reduce(
      (sum, task) => sum + Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ")[0]) / 1e6,
      0,
    );
  } catch {
    return 0;
  }
}
