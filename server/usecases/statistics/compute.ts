import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import { serialize } from "node:v8";
import { StatisticsThread } from "./statistics-thread";
import { type Arguments, perform, type Result, type TaskName } from "./tasks";

/** Below so many numbers a task is done at once: copying them to a thread would take as long. */
const SMALL = 200;
/** Results that are kept; a page's are some dozens, each at most some kilobytes. */
const KEPT = 500;

/** Two, where there are two cores: the figures of a page are some dozens, independent of each other. */
const threads = Array.from({ length: Math.min(2, availableParallelism()) }, () => new StatisticsThread());
/** Newest last. */
const kept = new Map<string, Promise<unknown>>();

/**
 * A statistic of many numbers, computed in one of two threads. All of them are seeded: the same arguments give the same result, which is
 * kept, so that a page that is asked for again (every second, while a run is live) costs nothing where nothing has changed.
 *
 * `await compute("pairedDifference", a, b)`; for a whole page, `Promise.all` of what it needs.
 *
 * @throws what the function throws, e.g. RangeError.
 */
export async function compute<K extends TaskName>(task: K, ...args: Arguments<K>): Promise<Result<K>> {
  if (numbersIn(args) < SMALL) return perform(task, args) as Result<K>;
  const key = createHash("sha1").update(serialize([task, args])).digest("base64");
  const result = kept.get(key) ?? leastBusy().perform(task, args);
  kept.delete(key);
  kept.set(key, result);
  // A failure is told, not kept.
  result.catch(() => kept.delete(key));
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT) break;
    kept.delete(oldest);
  }
  return (await result) as Result<K>;
}

function leastBusy(): StatisticsThread {
  for (const thread of threads) thread.begin();
  return threads.reduce((least, thread) => (thread.waiting < least.waiting ? thread : least));
}

/** How long the longest of the arguments' lists is. */
function numbersIn(args: readonly unknown[]): number {
  return args.reduce<number>((most, arg) => {
    const length = typeof arg === "object" && arg !== null && "length" in arg ? Number(arg.length) : 0;
    return Math.max(most, length);
  }, 0);
}
