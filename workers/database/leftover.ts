import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { InterveneError } from "@/server/errors";
import { commandOf, isAlive } from "./processes";

/**
 * Deal with what an earlier start left in a data folder. A server that still runs there (its supervisor was killed) is
 * shut down in good order. A postmaster.pid whose number now belongs to some other program (numbers repeat after a
 * restart of a container) is removed, since PostgreSQL would refuse to start because of it. One whose process is gone
 * is left to PostgreSQL, which also checks that no child of that server is left.
 * @throws InterveneError("cannot_start") when the server that runs there does not stop within 60 s.
 */
export async function clearLeftover(data: string): Promise<void> {
  const file = path.join(data, "postmaster.pid");
  let pid: number;
  try {
    pid = Number.parseInt(readFileSync(file, "utf8"), 10);
  } catch {
    return; // stopped in good order
  }
  if (!(pid > 0) || !isAlive(pid)) return;
  if (!commandOf(pid).includes(data)) {
    rmSync(file, { force: true });
    return;
  }
  process.kill(pid, "SIGINT"); // fast shutdown: roll back, disconnect, checkpoint
  for (const deadline = Date.now() + 60_000; isAlive(pid); await new Promise((r) => setTimeout(r, 50))) {
    if (Date.now() > deadline) throw new InterveneError("cannot_start", `A database server (process ${pid}) still runs on ${data} and does not stop: end it, then start again.`);
  }
}
