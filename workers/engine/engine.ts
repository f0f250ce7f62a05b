import os from "node:os";
import { InterveneError } from "@/server/errors";
import { type AddonContext, type LoadedGguf, loadGguf } from "./addon";
import { Generation, type GenerationDelta, type GenerationResult, type PromptRequest } from "./generation";
import { BATCH_TOKENS, Lane } from "./lane";
import { type EngineGauges, EngineMetrics } from "./metrics";
import type { SamplingSettings } from "./sampling";

/** A model file up to this size is "small": bound by memory and overhead, so one thread for each of several lanes. */
const SMALL_BYTES = 256 * 2 ** 20;
/** libuv's pool has four threads, one of which must stay free to sample while the lanes compute. */
const MOST_LANES = 3;
/** Samples of a prompt that another lane reads already are left to that lane, unless there are this many. */
const WORTH_READING_TWICE = 8;
/** Waiting prompts that an idle place looks through. */
const LOOK_AHEAD = 64;
const GGML_F32 = 0;

export interface EngineOptions {
  name: string;
  file: string;
  /** Tokens of one sequence; undefined: what the model was trained for, at most 2,048 (small) or 8,192. */
  context: number | undefined;
  /** Sequences at once over all lanes; undefined: 32 (small) or 8. */
  sequences: number | undefined;
  /** Samples running and waiting together. */
  maxQueued: number;
  lanes: number | undefined;
  threads: number | undefined;
  /** undefined: without for small models, "auto" for others. */
  gpu: "auto" | false | undefined;
  /** Bytes of the file. */
  bytes: number;
}

/** Thrown when there are more samples than max-queued: HTTP 503. */
export class QueueFull extends Error {}

/** The samples of one prompt that wait for a place. */
interface Group {
  waiting: Generation[];
  /** Lanes that have begun with this prompt. */
  lanes: Set<Lane>;
}

/** A served model: its lanes, the queue they share and its counters. */
export class Engine {
  readonly metrics = new EngineMetrics();
  readonly created = Math.floor(Date.now() / 1000);
  private readonly lanes: Lane[] = [];
  private groups: Group[] = [];
  private readonly live = new Set<Generation>();
  private stopping = false;

  private constructor(
    readonly name: string,
    readonly model: LoadedGguf,
    /** Positions of one sequence: prompt and answer together. */
    readonly contextSize: number,
    readonly sequences: number,
    private readonly maxQueued: number,
  ) {}

  /** Load the model and open its contexts. */
  static async open(options: EngineOptions): Promise<Engine> {
    const small = options.bytes <= SMALL_BYTES;
    const model = await loadGguf(options.file, options.gpu ?? (small ? false : "auto"));
    const cores = os.availableParallelism();
    const laneCount = options.lanes ?? (small && model.gpu === false ? Math.max(1, Math.min(cores, MOST_LANES)) : 1);
    const sequences = Math.max(laneCount, options.sequences ?? (small ? 32 : 8));
    const perLane = Math.min(Math.ceil(sequences / laneCount), BATCH_TOKENS);
    const wanted = Math.min(options.context ?? (small ? 2048 : 8192), model.trainContext);
    // llama.cpp rounds the cells of a sequence up to 256; the limit told to clients stays what was asked for.
    const cells = Math.ceil(wanted / 256) * 256;
    const engine = new Engine(options.name, model, wanted, perLane * laneCount, options.maxQueued);
    for (let i = 0; i < laneCount; i++) {
      const context: AddonContext = await model.createContext({
        contextSize: cells * perLane,
        batchSize: BATCH_TOKENS,
        sequences: perLane,
        // More than one thread spins at barriers and starves under load; a large model on the CPU needs them all the same.
        threads: options.threads ?? (small ? 1 : Math.max(1, cores)),
        // Keys and values in float32 without flash attention: log-probabilities equal torch's to 1e-5 instead of 2e-3,
        // and a sample does not depend on what shares its batch. Large models cannot afford the memory.
        flashAttention: !small,
        ...(small ? { kvCacheKeyType: GGML_F32, kvCacheValueType: GGML_F32 } : {}),
      });
      engine.lanes.push(new Lane(model, context, perLane, engine, engine.metrics));
    }
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
    jobs: readonly { request: PromptRequest; samplings: readonly SamplingSettings[] }[],
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
      const group: Group = { waiting: [], lanes: new Set() };
      this.groups.push(group);
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

  /** First come, first served, except that a prompt's samples follow the lane that has its keys and values. */
  take(lane: Lane, accepts: (next: Generation) => boolean): Generation | undefined {
    this.groups = this.groups.filter((group) => group.waiting.length > 0);
    for (const group of this.groups.slice(0, LOOK_AHEAD)) {
      const next = group.waiting[0];
      if (next === undefined) continue;
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
