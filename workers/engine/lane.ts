import type { AddonContext, LoadedGguf } from "./addon";
import type { Generation } from "./generation";
import { LogprobReader } from "./logprobs";
import type { EngineMetrics } from "./metrics";
import { BATCH_TOKENS } from "./plan";
import { createSampler, type TokenSampler } from "./sampling";

/** A copied prefix must save at least this many tokens: a copy moves the keys and values of a whole sequence. */
const WORTH_COPYING = 16;

/** One sequence of the context. Its keys and values stay after a generation, for prompts that begin alike. */
interface Slot {
  readonly id: number;
  /** Tokens whose keys and values are in the cache, from position 0. */
  cells: number[];
  generation: Generation | undefined;
  sampler: TokenSampler | undefined;
}

/** Where a lane finds work. */
export interface WorkSource {
  /** The next sample for this lane, or undefined. `accepts` says whether the lane wants this prompt now. */
  take(lane: Lane, accepts: (next: Generation) => boolean): Generation | undefined;
}

function commonPrefix(a: readonly number[], b: readonly number[]): number {
  const end = Math.min(a.length, b.length);
  let i = 0;
  while (i < end && a[i] === b[i]) i++;
  return i;
}

/** The next token to evaluate and those behind it that are known: the rest of the prompt, or the last sampled token. */
function known(generation: Generation): number {
  return generation.request.prompt.length + generation.tokenIds.length;
}
function tokenAt(generation: Generation, position: number): number {
  const { prompt } = generation.request;
  return (position < prompt.length ? prompt[position] : generation.tokenIds[position - prompt.length]) ?? 0;
}

/**
 * Continuous batching on one llama.cpp context: each step evaluates one token of every running sequence and pieces of
 * new prompts, then samples. A context computes on one thread, so a process runs one lane for each core.
 */
export class Lane {
  private readonly slots: Slot[];
  private readonly reader: LogprobReader;
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
    this.reader = new LogprobReader(model);
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

  private failAll(error: unknown) {
    for (const slot of this.slots) {
      if (slot.generation !== undefined) {
        this.metrics.finished.error++;
        slot.generation.settle.reject(error);
        this.release(slot);
      }
      // What a failed batch left in the cache is unknown.
      this.context.disposeSequence(slot.id);
      slot.cells = [];
    }
  }

  /** The slot that holds most of the prompt's beginning. The last prompt token is always evaluated, for its logits. */
  private donor(prompt: readonly number[]): { slot: Slot; length: number } | undefined {
    let best: { slot: Slot; length: number } | undefined;
    for (const slot of this.slots) {
      const length = Math.min(commonPrefix(slot.cells, prompt), prompt.length - 1);
      if (length > (best?.length ?? 0)) best = { slot, length };
    }
    return best;
  }

  /** Whether starting now is right: not while another slot is still reading a prompt that begins alike. */
  private accepts(next: Generation): boolean {
    if (next.scoresPrompt) return true;
    const { prompt } = next.request;
    const ready = this.donor(prompt)?.length ?? 0;
    return !this.slots.some(
      ({ generation, cells }) =>
        generation !== undefined &&
        cells.length < generation.request.prompt.length &&
        Math.min(commonPrefix(generation.request.prompt, prompt), prompt.length - 1) >=
          Math.max(ready, cells.length) + WORTH_COPYING,
    );
  }

  private async admit(): Promise<void> {
    // Lowest slots first: llama.cpp computes neighbouring sequences in one pass.
    for (const slot of this.slots) {
      if (slot.generation !== undefined) continue;
      const next = this.source.take(this, (generation) => this.accepts(generation));
      if (next === undefined) return;
      slot.generation = next;
      slot.sampler = createSampler(this.model, next.sampling);
      await this.prepare(slot, next);
    }
  }

  /** Give the slot the longest beginning of the prompt that is already in the cache. */
  private async prepare(slot: Slot, next: Generation): Promise<void> {
    const { prompt } = next.request;
    const own = Math.min(commonPrefix(slot.cells, prompt), prompt.length - 1);
    const donor = next.scoresPrompt ? undefined : this.donor(prompt);
    let reuse = next.scoresPrompt ? 0 : own;
    if (donor !== undefined && donor.slot !== slot && donor.length >= own + WORTH_COPYING) {
      await this.context.copySequenceStateFromOtherSequence(slot.id, donor.slot.id);
      reuse = donor.length;
    }
    if (reuse > 0) {
      // Recurrent and sliding-window caches cannot go back to an earlier position: start afresh.
      const trimmed = this.context.removeTokenCellsFromSequence(slot.id, reuse, -1);
      if (!trimmed || this.context.getSequenceKvCacheMinPosition(slot.id) !== 0) reuse = 0;
    }
    if (reuse === 0) this.context.disposeSequence(slot.id);
    slot.cells = prompt.slice(0, reuse);
    next.cachedTokens = reuse;
    this.metrics.promptTokens += prompt.length;
    if (!next.scoresPrompt) {
      this.metrics.prefixQueries += prompt.length;
      this.metrics.prefixHits += reuse;
    }
  }

  /** Evaluate one batch and sample from it. */
  private async step(): Promise<void> {
    const active = this.slots.filter((slot) => slot.generation !== undefined);
    let budget = BATCH_TOKENS - active.length;
    this.context.initBatch(BATCH_TOKENS);
    const evaluated: { slot: Slot; generation: Generation; start: number; count: number; logits: Uint32Array }[] = [];
    for (const slot of active) {
      const generation = slot.generation;
      if (generation === undefined) continue;
      const start = slot.cells.length;
      const extra = Math.min(known(generation) - start - 1, budget);
      budget -= extra;
      const count = extra + 1;
      const tokens = Uint32Array.from({ length: count }, (_, i) => tokenAt(generation, start + i));
      const last = start + count === known(generation);
      const wanted = this.wantedLogits(generation, start, count, last);
      evaluated.push({
        slot,
        generation,
        start,
        count,
        logits: this.context.addToBatch(slot.id, start, tokens, wanted),
      });
      for (const token of tokens) slot.cells.push(token);
    }
    await this.context.decodeBatch();
    await Promise.all(
      evaluated.map(async ({ slot, generation, start, count, logits }) => {
        if (generation.scoresPrompt) return;
        if (start + count === known(generation)) await this.sample(slot, generation, logits[logits.length - 1] ?? 0);
      }),
    );
    for (const { slot, generation, start, count, logits } of evaluated) {
      if (generation.scoresPrompt) await this.score(slot, generation, start, count, logits);
    }
  }

  /** Indexes within a piece whose logits are needed. */
  private wantedLogits(generation: Generation, start: number, count: number, last: boolean): Uint32Array {
    if (generation.scoresPrompt && start < generation.request.prompt.length)
      return Uint32Array.from({ length: count }, (_, i) => i);
    return last ? Uint32Array.of(count - 1) : new Uint32Array();
  }

  private async score(
    slot: Slot,
    generation: Generation,
    start: number,
    count: number,
    logits: Uint32Array,
  ): Promise<void> {
    const { prompt, promptLogprobs: top } = generation.request;
    if (start < prompt.length && top !== undefined) {
      generation.promptLogprobs ??= [null];
      for (let i = 0; i < count && start + i + 1 < prompt.length; i++) {
        const entry = await this.reader.read(this.context, logits[i] ?? 0, prompt[start + i + 1] ?? 0, top);
        generation.promptLogprobs.push(entry);
      }
    }
    if (start + count === known(generation)) await this.sample(slot, generation, logits[logits.length - 1] ?? 0);
  }

  private reading: Promise<unknown> = Promise.resolve();
  private async sample(slot: Slot, generation: Generation, logitIndex: number): Promise<void> {
    if (generation.cancelled) return;
    let result: ReturnType<Generation["accept"]>;
    if (generation.request.maxTokens === 0) {
      result = generation.finishEmpty();
    } else {
      const token = (await slot.sampler?.sample(this.context, logitIndex)) ?? -1;
      if (token < 0) throw new Error("llama.cpp sampled no token");
      const top = generation.request.logprobs;
      let logprobs: Awaited<ReturnType<LogprobReader["read"]>> | undefined;
      if (top !== undefined) {
        // The reader's sampler is one object: its calls must not overlap.
        const turn = this.reading.then(() => this.reader.read(this.context, logitIndex, token, top));
        this.reading = turn.catch(() => undefined);
        logprobs = await turn;
      }
      this.metrics.generationTokens++;
      result = generation.accept(token, logprobs);
    }
    if (result === undefined) return;
    this.metrics.finished[result.finishReason]++;
    if (generation.firstTokenAt !== undefined) {
      this.metrics.timeToFirstToken.observe((generation.firstTokenAt - generation.createdAt) / 1000);
    }
    this.metrics.latency.observe((performance.now() - generation.createdAt) / 1000);
    this.release(slot);
    generation.settle.resolve(result);
  }
}
