// Loaded into every process that `npm start` starts (node --import). When the supervisor has gone without stopping us
// (kill -9), we stop by ourselves: in good order first, then by force,
// with all of our process group.
import process from "node:process";
import { isMainThread } from "node:worker_threads";

const parent = Number(process.env.INTERVENE_PARENT);
/** Milliseconds. */
const stopWithin = Number(process.env.INTERVENE_STOP_WITHIN) || 10_000;

/** Whether there is a process of that number. */
function isThere(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

// The supervisor went while this process was still being loaded: nothing has begun, and nobody would ever stop it.
if (isMainThread && parent > 0 && process.ppid !== parent && !isThere(parent)) process.exit(143);

if (isMainThread && parent > 0 && process.ppid === parent) {
  let orphaned = false;
  setInterval(() => {
    if (orphaned || process.ppid === parent) return;
    orphaned = true;
    setTimeout(() => {
      try {
        process.kill(-process.pid, "SIGKILL");
      } catch {
        process.kill(process.pid, "SIGKILL"); // not the leader of a group
      }
    }, stopWithin).unref();
    process.kill(process.pid, "SIGTERM");
  }, 500).unref();
}
