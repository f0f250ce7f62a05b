import type { AddonContext, LoadedGguf } from "./addon";
import type { Generation, GenerationResult } from "./generation";
import { LogprobReader, type PositionLogprobs } from "./logprobs";
import type { EngineMetrics } from "./metrics";
import type { TokenSampler } from "./sampling";

/** Turns the logits of an evaluated batch into tokens and log-probabilities. */
export class Outputs {
  private readonly reader: LogprobReader;
  /** The reader's native sampler is one object: its calls must not overlap. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    model: LoadedGguf,
    private readonly context: AddonContext,
    private readonly metrics: EngineMetrics,
  ) {
    this.reader = new LogprobReader(model);
  }

  private read(logitIndex: number, token: number, top: number): Promise<PositionLogprobs> {
    const reading = this.turn.then(() => this.reader.read(this.context, logitIndex, token, top));
    this.turn = reading.catch(() => undefined);
    return reading;
  }

  /** Log-probabilities of the prompt tokens that follow positions start, start + 1, … of an evaluated piece. */
  async score(generation: Generation, start: number, logits: Uint32Array): Promise<void> {
    const { prompt, promptLogprobs: top } = generation.request;
    if (top === undefined) return;
    generation.promptLogprobs ??= [null];
    for (let i = 0; i < logits.length && start + i + 1 < prompt.length; i++) {
      generation.promptLogprobs.push(await this.read(logits[i] ?? 0, prompt[start + i + 1] ?? 0, top));
    }
  }

  /** Sample the next token; returns the result if that was the last. */
  async sample(
    generation: Generation,
    sampler: TokenSampler,
    logitIndex: number,
  ): Promise<GenerationResult | undefined> {
    if (generation.request.maxTokens === 0) return generation.finishEmpty();
    const token = await sampler.sample(this.context, logitIndex);
    if (token < 0) throw new Error("llama.cpp sampled no token");
    const top = generation.request.logprobs;
    const logprobs = top === undefined ? undefined : await this.read(logitIndex, token, top);
    this.metrics.generationTokens++;
    return generation.accept(token, logprobs);
  }
}
