import os from "node:os";
import { InterveneError } from "@/server/errors";
import { type ContextParams, type LoadedGguf, loadGguf } from "./addon";
import { Generation, type GenerationDelta, type GenerationResult, type PromptRequest } from "./generation";
import { Lane } from "./lane";
import { type EngineGauges, EngineMetrics } from "./metrics";
import { isSmall, type PlanOptions, planOf } from "./plan";
import type { SamplingSettings } from "./sampling";

/** Samples of a prompt that another lane reads already are left to that lane, unless there are this many. */
const WORTH_READING_TWICE = 8;
/** Waiting prompts that an idle place looks through. */
const LOOK_AHEAD = 64;

export interface EngineOptions extends PlanOptions {
  name: string;
  /** Where it was loaded from, told by /v1/models as vLLM does: clients on this machine take the tokenizer from there. */
  root: string;
  file: string;
  /** Bytes of the file. */
  bytes: number;
  /** Samples running and waiting together. */
  maxQueued: number;
}

/** Thrown when there are more samples than max-queued: HTTP 503. */
export class QueueFull extends Error {}

/** The samples of one prompt that wait for a place. */
interface Group {
  scores: boolean;
  /** The lower, the earlier. */
  priority: number;
  waiting: Generation[];
  /** Lanes that have begun with this prompt. */
  lanes: Set<Lane>;
}

/** A served model: its lanes, the queue they share and its counters. */
export class Engine {
  readonly metrics = new EngineMetrics();
  readonly created = Math.floor(Date.now() / 1000);
  private readonly lanes: Lane[] = [];
  /** The lane for requests with prompt_logprobs, where they have one of their own; it is among `lanes`. */
  private scorer: Lane | undefined;
  private groups: Group[] = [];
  private readonly live = new Set<Generation>();
  private stopping = false;

  private constructor(
    readonly name: string,
    readonly root: string,
    readonly model: LoadedGguf,
    /** Positions of one sequence: prompt and answer together. */
    readonly contextSize: number,
    readonly sequences: number,
    private readonly maxQueued: number,
  ) {}

  /** Load the model and open its contexts. */
  static async open(options: EngineOptions): Promise<Engine> {
    const model = await loadGguf(options.file, options.gpu ?? (isSmall(options.bytes) ? false : "auto"));
    const plan = planOf(options, {
      bytes: options.bytes,
      trainContext: model.trainContext,
      gpu: model.gpu !== false,
      cores: os.availableParallelism(),
    });
    const engine = new Engine(
      options.name,
      options.root,
      model,
      plan.contextSize,
      plan.perLane * plan.lanes.length,
      options.maxQueued,
    );
    const openLane = async (params: ContextParams) => {
      const lane = new Lane(model, await model.createContext(params), params.sequences, engine, engine.metrics);
      engine.lanes.push(lane);
      return lane;
    };
    for (const params of plan.lanes) await openLane(params);
    if (plan.scorer !== undefined) engine.scorer = await openLane(plan.scorer);
    return engine;
  }

  get waiting(): number {
    return this.groups.reduce((n, group) => n + group.waiting.length, 0);
  }
  get running(): number {
    return this.lanes.reduce((n, lane) => n + lane.running, 0);
  }
  gauges(): EngineGauges {
    const used = this.lanes.reduce((n, lane) => n + lane.usedCells, 0);
    return {
      running: this.running,
      waiting: this.waiting,
      cacheUsage: used / (this.contextSize * this.sequences),
      contextSize: this.contextSize,
      sequences: this.sequences,
    };
  }

  /**
   * Generate samples: for each prompt, one for each of its seeds. All or none are accepted.
   * @param signal aborts: places become free at the end of the step in progress.
   * @throws QueueFull, InterveneError("bad_input") for more samples than can ever be accepted
   */
  generate(
    jobs: readonly { request: PromptRequest; samplings: readonly SamplingSettings[]; priority?: number }[],
    signal: AbortSignal,
    onDelta?: (job: number, sample: number, delta: GenerationDelta) => void,
  ): Promise<GenerationResult[][]> {
    const count = jobs.reduce((n, job) => n + job.samplings.length, 0);
    if (count > this.maxQueued) {
      throw new InterveneError(
        "bad_input",
        `The request asks for ${count} samples; this server takes at most ${this.maxQueued} at once.`,
      );
    }
    if (this.stopping || this.live.size + count > this.maxQueued) {
      this.metrics.rejected++;
      throw new QueueFull(
        this.stopping
          ? "The engine is stopping."
          : `The request queue is full: ${this.live.size} of ${this.maxQueued} samples are running or waiting.`,
      );
    }
    const generations: Generation[] = [];
    const results = jobs.map((job, jobIndex) => {
      const group: Group = {
        scores: job.request.promptLogprobs !== undefined,
        priority: job.priority ?? 0,
        waiting: [],
        lanes: new Set(),
      };
      const behind = this.groups.findIndex((other) => other.priority > group.priority);
      this.groups.splice(behind === -1 ? this.groups.length : behind, 0, group);
      return Promise.all(
        job.samplings.map(
          (sampling, sample) =>
            new Promise<GenerationResult>((resolve, reject) => {
              const generation: Generation = new Generation(
                this.model,
                job.request,
                sampling,
                this.contextSize,
                {
                  resolve: (result) => {
                    this.live.delete(generation);
                    resolve(result);
                  },
                  reject: (error) => {
                    this.live.delete(generation);
                    reject(error);
                  },
                  ...(onDelta === undefined
                    ? {}
                    : { onDelta: (delta: GenerationDelta) => onDelta(jobIndex, sample, delta) }),
                },
                sample === 0 && job.request.promptLogprobs !== undefined,
              );
              this.live.add(generation);
              generations.push(generation);
              group.waiting.push(generation);
            }),
        ),
      );
    });
    const abort = () => {
      for (const generation of generations) this.cancel(generation);
    };
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
    for (const lane of this.lanes) lane.wake();
    return Promise.all(results).finally(() => signal.removeEventListener("abort", abort));
  }

  private cancel(generation: Generation) {
    if (!this.live.has(generation)) return;
    generation.cancelled = true;
    for (const group of this.groups) {
      const index = group.waiting.indexOf(generation);
      if (index >= 0) {
        group.waiting.splice(index, 1);
        this.metrics.finished.abort++;
      }
    }
    generation.settle.reject(new DOMException("The client is gone.", "AbortError"));
  }

  /** First come, first served among those of one priority, except that a prompt's samples follow the lane that has its keys and values. */
  take(lane: Lane, accepts: (next: Generation) => boolean): Generation | undefined {
    this.groups = this.groups.filter((group) => group.waiting.length > 0);
    let seen = 0;
    for (const group of this.groups) {
      const next = group.waiting[0];
      if (next === undefined || (this.scorer !== undefined && group.scores !== (lane === this.scorer))) continue;
      if (++seen > LOOK_AHEAD) break;
      const elsewhere = group.lanes.size > 0 && !group.lanes.has(lane);
      if (elsewhere && group.waiting.length < WORTH_READING_TWICE) continue;
      if (!accepts(next)) continue;
      group.lanes.add(lane);
      group.waiting.shift();
      return next;
    }
    return undefined;
  }

  /** End the steps in progress and refuse everything that has not finished. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.groups = [];
    for (const generation of [...this.live]) {
      generation.cancelled = true;
      generation.settle.reject(new QueueFull("The engine is stopping."));
    }
    await Promise.all(this.lanes.map((lane) => lane.stop()));
  }
}
