import { setImmediate as nextTurn } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { threadArgs, threadFile } from "../threads";
import { perform, type Question, type Reply, type TaskName } from "./tasks";

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/**
 * One thread that computes statistics, so that a process which serves pages goes on answering meanwhile. It starts with the
 * first task and keeps no process alive. Until it is ready (it has TypeScript to load, about half a second), and where none can
 * be started, tasks are done in the process itself, one a turn of its loop.
 */
export class StatisticsThread {
  private thread: Worker | null = null;
  private ready = false;
  /** Starts that came to nothing; after the second one no further is tried. */
  private failures = 0;
  private readonly asked = new Map<number, Waiting>();
  private next = 0;
  /** When the last task that is done here has had its turn. */
  private turn: Promise<unknown> = Promise.resolve();

  /** Tasks that it has not answered yet. */
  get waiting(): number {
    return this.asked.size;
  }

  /** Starts the thread, if it does not run and can. */
  begin(): void {
    if (this.thread === null && this.failures < 2) this.start();
  }

  /** @throws whatever the task throws. */
  async perform(task: TaskName, args: unknown[]): Promise<unknown> {
    this.begin();
    const { thread } = this;
    if (thread === null || !this.ready) {
      const mine = this.turn.then(() => nextTurn());
      this.turn = mine;
      await mine;
      return perform(task, args);
    }
    return new Promise((resolve, reject) => {
      const id = this.next++;
      this.asked.set(id, { resolve, reject });
      thread.ref();
      thread.postMessage({ id, task, args } satisfies Question);
    });
  }

  /** Ends the thread; what was asked of it is refused. */
  async close(): Promise<void> {
    const { thread } = this;
    this.gone(new Error("the statistics thread was closed"));
    await thread?.terminate();
  }

  private start(): void {
    const file = threadFile(import.meta.dirname, "server/usecases/statistics");
    const thread = new Worker(file, { execArgv: threadArgs(file) });
    this.thread = thread;
    this.ready = false;
    thread.unref();
    thread.on("message", (reply: Reply) => {
      if (thread !== this.thread) return;
      if ("ready" in reply) {
        this.ready = true;
        this.failures = 0;
        // Once more: its starting up has taken hold of the process again.
        if (this.asked.size === 0) thread.unref();
        return;
      }
      const one = this.asked.get(reply.id);
      this.asked.delete(reply.id);
      if (this.asked.size === 0) thread.unref();
      if ("error" in reply) one?.reject(reply.error);
      else one?.resolve(reply.result);
    });
    let why: Error | null = null;
    thread.on("error", (error: Error) => {
      why = error;
    });
    thread.on("exit", () => {
      if (thread !== this.thread) return;
      if (!this.ready) this.failures++;
      this.gone(new Error(`The statistics thread ended: ${why?.message ?? "it exits"}.`, { cause: why }));
    });
  }

  private gone(error: Error): void {
    this.thread = null;
    this.ready = false;
    for (const one of this.asked.values()) one.reject(error);
    this.asked.clear();
  }
}
