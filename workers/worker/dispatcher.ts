import { FILE_STAGES, STAGES, type Stage, WHOLE_TASKS } from "@/server/core/arms";
import { messageOf } from "@/server/errors";
import type { Claim } from "@/server/store/queue/job-queue";
import { readStoppedRuns } from "@/server/store/read/work-item";
import { type RunItemDeps, runItem } from "@/server/usecases/run-item";
import { Stop } from "@/server/usecases/stop";
import { nextWish } from "./lanes";

interface InHand {
  claim: Claim;
  controller: AbortController;
  /** Known once the item was read. */
  runId: string | undefined;
  /** It waits for a server that is away. */
  waiting: boolean;
}

export interface DispatcherOptions {
  /** Items that sample at a time; the client's own limit decides how many samples are on the wire. */
  slots: number;
  log: (line: string) => void;
}

const isWhole = (stage: Stage) => WHOLE_TASKS.some((s) => s === stage);

/** With nothing to do, queues are looked at this often (ms); a new run or a finished item wakes the worker sooner. */
const IDLE = 1_000;

/** Takes jobs for its free slots, runs them, and stops those whose run was cancelled. */
export class Dispatcher {
  private readonly inHand = new Set<InHand>();
  /** What this worker takes. */
  private readonly stages: readonly Stage[];
  private maybe: Set<Stage>;
  private stopping = false;
  private alarm: (() => void) | undefined;
  private ringing = false;
  private finished: Promise<void> = Promise.resolve();

  constructor(
    private readonly deps: Omit<RunItemDeps, "started" | "wait"> & Pick<RunItemDeps, "wait">,
    private readonly options: DispatcherOptions,
  ) {
    this.stages = deps.home === null ? STAGES.filter((s) => !FILE_STAGES.has(s)) : STAGES;
    this.maybe = new Set(this.stages);
  }

  start(): void {
    this.finished = this.loop();
  }

  get claims(): Claim[] {
    return [...this.inHand].map((h) => h.claim);
  }

  /** Runs whose items are in hand. */
  get runIds(): string[] {
    return [...new Set([...this.inHand].flatMap((h) => (h.runId ? [h.runId] : [])))];
  }

  /** There may be something to fetch. */
  wake(): void {
    this.maybe = new Set(this.stages);
    this.ring();
  }

  private ring(): void {
    this.ringing = true;
    this.alarm?.();
  }

  /** Look at the states of the runs in hand: items of cancelled runs stop at once; those of paused runs may finish what they sample, but do not go on waiting, and whole tasks keep their place. */
  async checkRuns(): Promise<void> {
    const stopped = await readStoppedRuns(this.deps.pool, this.runIds);
    for (const held of this.inHand) {
      const state = held.runId ? stopped.get(held.runId) : undefined;
      if (!state) continue;
      if (state !== "paused") held.controller.abort(new Stop("cancelled"));
      else if (held.waiting || isWhole(held.claim.stage)) held.controller.abort(new Stop("paused"));
    }
  }

  /** Tell the queue that the jobs in hand are alive; those that were taken away are stopped. */
  async heartbeat(): Promise<void> {
    const lost = await this.deps.queue.touch(this.claims);
    for (const held of this.inHand) {
      if (lost.some((c) => c.id === held.claim.id)) held.controller.abort(new Stop("lost"));
    }
  }

  /** Take nothing more, stop what is in hand and hand its jobs back. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.alarm?.();
    await this.finished;
    for (const held of this.inHand) held.controller.abort(new Stop("shutdown"));
    while (this.inHand.size > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  private async loop(): Promise<void> {
    while (!this.stopping) {
      const active = new Map<Stage, number>();
      for (const { claim } of this.inHand) active.set(claim.stage, (active.get(claim.stage) ?? 0) + 1);
      const wish = nextWish(this.options.slots, active, this.maybe);
      if (!wish) {
        await this.nap();
        continue;
      }
      try {
        const claims = await this.deps.queue.fetch(wish.stage, wish.count);
        if (claims.length < wish.count) this.maybe.delete(wish.stage);
        for (const claim of claims) void this.run(claim);
      } catch (error) {
        this.options.log(`cannot take jobs just now: ${messageOf(error)}`);
        await new Promise((resolve) => setTimeout(resolve, IDLE));
      }
    }
  }

  /** Until something may have changed: an item ended, somebody called {@link wake}, or a second passed. */
  private async nap(): Promise<void> {
    if (!this.ringing) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => {
          this.maybe = new Set(this.stages);
          resolve();
        }, IDLE);
        this.alarm = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.alarm = undefined;
    }
    this.ringing = false;
  }

  private async run(claim: Claim): Promise<void> {
    const held: InHand = { claim, controller: new AbortController(), runId: undefined, waiting: false };
    this.inHand.add(held);
    try {
      await runItem(
        {
          ...this.deps,
          started: (item) => {
            held.runId = item.runId;
          },
          wait: async (...args) => {
            held.waiting = true;
            await this.deps.wait(...args).finally(() => {
              held.waiting = false;
            });
          },
        },
        claim,
        held.controller.signal,
      );
    } catch (error) {
      await this.settleStopped(claim, error);
    } finally {
      this.inHand.delete(held);
      // An item adds jobs to the stages after its own, and its worker knows first.
      for (const stage of this.stages.slice(this.stages.indexOf(claim.stage) + 1)) this.maybe.add(stage);
      this.ring();
    }
  }

  private async settleStopped(claim: Claim, error: unknown): Promise<void> {
    const reason = error instanceof Stop ? error.reason : undefined;
    try {
      if (reason === "lost") return;
      // A paused run's items get new jobs when it is resumed.
      if (reason === "cancelled" || reason === "paused") return this.deps.queue.settle(claim);
      if (!reason)
        this.options.log(
          `job ${claim.stage} ${claim.id} met an unexpected error and will be tried again: ${error instanceof Error ? error.stack : String(error)}`,
        );
      await this.deps.queue.release(claim, messageOf(error));
    } catch (caught) {
      // The database is away; the job's heartbeat ends and it is taken again.
      this.options.log(`cannot hand job ${claim.id} back: ${messageOf(caught)}`);
    }
  }
}
