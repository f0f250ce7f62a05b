import { Worker } from "node:worker_threads";
import { TOO_LARGE } from "../../core/grading/single";
import type { Verdict } from "../../core/grading/expressions";
import { threadArgs, threadFile } from "../threads";
import type { Question, Reply } from "./protocol";

/** CPU time of one case, in ms. An ordinary one takes 1 to 2. */
export const CPU_LIMIT = 50;
/** A thread that gets no CPU is not to blame, but nobody waits for ever. In ms. */
const WALL_LIMIT = 5_000;
/** How often a running case's CPU time is looked at, in ms. */
const LOOK_EVERY = 25;

/** What could not be decided within the limit. */
const TOO_SLOW: Verdict = { equal: false, reason: `${TOO_LARGE.reason} (more than ${CPU_LIMIT} ms of computing)` };

interface Case extends Question {
  resolve: (verdict: Verdict) => void;
  reject: (error: Error) => void;
}

/**
 * Compares answers in a thread of its own, one at a time. A case that takes more than its CPU time has its thread killed and
 * replaced; the others never notice. The thread starts with the first case and keeps no process alive.
 */
export class GradingPool {
  private thread: Worker | null = null;
  private ready = false;
  private running: Case | null = null;
  private readonly waiting: Case[] = [];
  private timer: NodeJS.Timeout | null = null;
  private deaths = 0;
  private next = 0;
  /** Threads killed for a case that took too long. */
  killed = 0;

  /** @throws Error when no thread can be started at all. */
  equal(gold: string, pred: string): Promise<Verdict> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ id: this.next++, gold, pred, resolve, reject });
      this.work();
    });
  }

  /** Ends the thread; what waits is refused. */
  async close(): Promise<void> {
    const { thread } = this;
    this.drop();
    for (const c of this.take()) c.reject(new Error("the grading thread was closed"));
    await thread?.terminate();
  }

  private work(): void {
    if (this.running) return;
    if (!this.thread) {
      if (this.waiting.length > 0) this.start();
      return;
    }
    if (!this.ready) return;
    const next = this.waiting.shift();
    if (!next) {
      this.thread.unref();
      return;
    }
    this.running = next;
    this.thread.ref();
    const { id, gold, pred } = next;
    this.thread.postMessage({ id, gold, pred } satisfies Question);
    this.watch(this.thread, next);
  }

  private start(): void {
    const file = threadFile(import.meta.dirname, "server/usecases/grading");
    const thread = new Worker(file, { execArgv: threadArgs(file), resourceLimits: { maxOldGenerationSizeMb: 768 } });
    this.thread = thread;
    this.ready = false;
    thread.on("message", (reply: Reply) => {
      if (thread !== this.thread) return;
      if ("ready" in reply) this.ready = true;
      else if (reply.id === this.running?.id) {
        this.deaths = 0;
        this.finish(reply.verdict);
      }
      this.work();
    });
    let why: Error | null = null;
    thread.on("error", (error: Error) => {
      why = error;
    });
    thread.on("exit", () => {
      if (thread !== this.thread) return;
      this.drop();
      // Out of memory or stack: this case is the one to blame.
      if (this.running) this.finish(TOO_LARGE);
      else if (++this.deaths >= 3) {
        const error = new Error(`The grading thread does not start: ${why?.message ?? "it exits"}.`, { cause: why });
        for (const c of this.take()) c.reject(error);
      }
      this.work();
    });
  }

  /** Look at the thread's CPU time now and then, and kill it when the case has had its share. */
  private watch(thread: Worker, current: Case): void {
    const began = performance.now();
    let before: number | null = null;
    void cpuTime(thread).then((ms) => {
      before = ms;
    });
    const look = async (): Promise<void> => {
      const elapsed = performance.now() - began;
      const now = elapsed < WALL_LIMIT ? await Promise.race([cpuTime(thread), never(200)]) : null;
      if (this.running !== current) return;
      const spent = elapsed >= WALL_LIMIT ? WALL_LIMIT : now === null || before === null ? elapsed / 4 : now - before;
      if (spent < CPU_LIMIT) {
        this.timer = setTimeout(look, LOOK_EVERY);
        return;
      }
      this.killed++;
      this.drop();
      void thread.terminate();
      this.finish(TOO_SLOW);
      this.work();
    };
    this.timer = setTimeout(look, CPU_LIMIT);
  }

  private finish(verdict: Verdict): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const done = this.running;
    this.running = null;
    done?.resolve(verdict);
  }

  private drop(): void {
    this.thread = null;
    this.ready = false;
  }

  private take(): Case[] {
    if (this.timer) clearTimeout(this.timer);
    const all = [...(this.running ? [this.running] : []), ...this.waiting.splice(0)];
    this.running = null;
    return all;
  }
}

/** CPU time of a thread so far, in ms; null where Node.js cannot tell (before 24.6). */
async function cpuTime(thread: Worker): Promise<number | null> {
  if (!("cpuUsage" in thread) || typeof thread.cpuUsage !== "function") return null;
  try {
    const { user, system } = (await thread.cpuUsage()) as { user: number; system: number };
    return (user + system) / 1000;
  } catch {
    return null;
  }
}

function never(ms: number): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), ms));
}
