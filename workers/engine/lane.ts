import type { AddonContext, LoadedGguf } from "./addon";
import type { Generation, GenerationResult } from "./generation";
import type { EngineMetrics } from "./metrics";
import { Outputs } from "./outputs";
import { BATCH_TOKENS } from "./plan";
import { createSampler } from "./sampling";
import { isBeingRead, loadPrefix, type Slot } from "./slots";

/** Where a lane finds work. */
export interface WorkSource {
  /** The next sample for this lane, or undefined. `accepts` says whether the lane wants this prompt now. */
  take(lane: Lane, accepts: (next: Generation) => boolean): Generation | undefined;
}

/** A piece of a sequence in the batch: `count` tokens from position `start`. */
interface Piece {
  slot: Slot;
  generation: Generation;
  start: number;
  /** Logit index of each position asked for, ascending; the last one is the sequence's last if that is evaluated. */
  logits: Uint32Array;
  /** Whether everything known has been evaluated, so that the next token can be sampled. */
  complete: boolean;
}

function tokenAt({ request, tokenIds }: Generation, position: number): number {
  const { prompt } = request;
  return (position < prompt.length ? prompt[position] : tokenIds[position - prompt.length]) ?? 0;
}

/**
 * Continuous batching on one llama.cpp context: each step evaluates one token of every running sequence and pieces of
 * new prompts, then samples. A context computes on one thread of libuv's pool, so several lanes use several cores.
 */
export class Lane {
  private readonly slots: Slot[];
  private readonly outputs: Outputs;
  private loop: Promise<void> | undefined;
  private stopped = false;
  private woken = false;

  constructor(
    private readonly model: LoadedGguf,
    private readonly context: AddonContext,
    sequences: number,
    private readonly source: WorkSource,
    private readonly metrics: EngineMetrics,
  ) {
    this.slots = Array.from({ length: sequences }, (_, id) => ({
      id,
      cells: [],
      generation: undefined,
      sampler: undefined,
    }));
    this.outputs = new Outputs(model, context, metrics);
  }

  get running(): number {
    return this.slots.reduce((n, slot) => n + (slot.generation !== undefined && !slot.generation.cancelled ? 1 : 0), 0);
  }
  get usedCells(): number {
    return this.slots.reduce((n, slot) => n + (slot.generation === undefined ? 0 : slot.cells.length), 0);
  }

  /** Look for work, unless already at it. */
  wake() {
    this.woken = true;
    if (this.loop !== undefined || this.stopped) return;
    this.loop = this.run().finally(() => {
      this.loop = undefined;
      // Work that came between the last look and this moment.
      if (this.woken) this.wake();
    });
  }

  /** Finish the step in progress, then free the context. Running generations are left to their owner. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.loop;
    await this.context.dispose();
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      try {
        this.woken = false;
        this.dropCancelled();
        await this.admit();
        if (!this.slots.some((slot) => slot.generation)) return;
        await this.step();
      } catch (error) {
        this.failAll(error);
      }
    }
  }

  private release(slot: Slot) {
    slot.sampler?.dispose();
    slot.sampler = undefined;
    slot.generation = undefined;
  }

  private dropCancelled() {
    for (const slot of this.slots) {
      if (!slot.generation?.cancelled) continue;
      this.metrics.finished.abort++;
      this.release(slot);
    }
  }

  private fail(slot: Slot, error: unknown) {
    if (slot.generation === undefined) return;
    this.metrics.finished.error++;
    slot.generation.settle.reject(error);
    this.release(slot);
  }

  private failAll(error: unknown) {
    for (const slot of this.slots) {
      this.fail(slot, error);
      // What a failed batch left in the cache is unknown.
      this.context.disposeSequence(slot.id);
      slot.cells = [];
    }
  }

  /** Fill free slots. Lowest first: llama.cpp computes neighbouring sequences in one pass. */
  private async admit(): Promise<void> {
    for (const slot of this.slots) {
      if (slot.generation !== undefined) continue;
      const next = this.source.take(
        this,
        (candidate) => candidate.scoresPrompt || !isBeingRead(this.slots, candidate.request.prompt),
      );
      if (next === undefined) return;
      slot.generation = next;
      slot.sampler = createSampler(this.model, next.sampling);
      const { prompt } = next.request;
      next.cachedTokens = await loadPrefix(this.context, this.slots, slot, prompt, next.scoresPrompt);
      this.metrics.promptTokens += prompt.length;
      if (next.scoresPrompt) continue;
      this.metrics.prefixQueries += prompt.length;
      this.metrics.prefixHits += next.cachedTokens;
    }
  }

  /** Evaluate one batch and sample from it. */
  private async step(): Promise<void> {
    const pieces = this.fillBatch();
    await this.context.decodeBatch();
    // Each one's failure is its own; and all must have ended before anything native is freed.
    await Promise.all(
      pieces.map(async (piece) => {
        try {
          await this.read(piece);
        } catch (error) {
          this.fail(piece.slot, error);
        }
      }),
    );
  }

  private fillBatch(): Piece[] {
    const pieces: Piece[] = [];
    this.context.initBatch(BATCH_TOKENS);
    let spare = BATCH_TOKENS - this.slots.filter((slot) => slot.generation !== undefined).length;
    for (const slot of this.slots) {
      const { generation } = slot;
      if (generation === undefined) continue;
      const start = slot.cells.length;
      const known = generation.request.prompt.length + generation.tokenIds.length;
      const extra = Math.min(known - start - 1, spare);
      spare -= extra;
      const tokens = Uint32Array.from({ length: extra + 1 }, (_, i) => tokenAt(generation, start + i));
      const complete = start + tokens.length === known;
      const scoring = generation.scoresPrompt && start < generation.request.prompt.length;
      const wanted = scoring ? tokens.map((_, i) => i) : complete ? Uint32Array.of(extra) : new Uint32Array();
      const logits = this.context.addToBatch(slot.id, start, tokens, wanted);
      pieces.push({ slot, generation, start, logits, complete });
      for (const token of tokens) slot.cells.push(token);
    }
    return pieces;
  }

  private async read({ slot, generation, start, logits, complete }: Piece): Promise<void> {
    if (generation.cancelled || slot.sampler === undefined) return;
    if (generation.scoresPrompt && start < generation.request.prompt.length) {
      await this.outputs.score(generation, start, logits);
    }
    if (!complete) return;
    const result = await this.outputs.sample(generation, slot.sampler, logits[logits.length - 1] ?? 0);
    if (result !== undefined) this.finish(slot, generation, result);
  }

  private finish(slot: Slot, generation: Generation, result: GenerationResult) {
    this.metrics.finished[result.finishReason]++;
    const seconds = (until: number) => (until - generation.createdAt) / 1000;
    if (generation.firstTokenAt !== undefined) this.metrics.timeToFirstToken.observe(seconds(generation.firstTokenAt));
    this.metrics.latency.observe(seconds(performance.now()));
    this.release(slot);
    generation.settle.resolve(result);
  }
}
