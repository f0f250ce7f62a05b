import type { LoadedGguf } from "./addon";
import type { PositionLogprobs } from "./logprobs";
import type { SamplingSettings } from "./sampling";
import { findStop, heldBack, IncrementalText } from "./text";

/** What one prompt asks for, the same for all of its samples. */
export interface PromptRequest {
  /** Token ids, at least one, at most the context. */
  prompt: readonly number[];
  /** 0 only evaluates the prompt. */
  maxTokens: number;
  stop: readonly string[];
  stopTokenIds: readonly number[];
  includeStop: boolean;
  ignoreEos: boolean;
  skipSpecial: boolean;
  /** Number of most probable tokens to report beside each sampled token; undefined reports nothing. */
  logprobs: number | undefined;
  /** The same for the prompt's tokens; such a request never reads cached prefixes. */
  promptLogprobs: number | undefined;
}

export interface GenerationResult {
  /** What was sampled, an end token included. */
  tokenIds: number[];
  text: string;
  finishReason: "stop" | "length";
  /** The stop string or stop token that ended it; null for the model's own end token. */
  stopReason: string | number | null;
  /** One entry for each sampled token, where asked for. */
  logprobs: PositionLogprobs[];
  /** One entry for each prompt token, the first null, where asked for (in the first sample of a prompt alone). */
  promptLogprobs: (PositionLogprobs | null)[] | undefined;
  /** Prompt tokens whose keys and values were copied and not computed. */
  cachedTokens: number;
}

/** A piece of a sample as it becomes certain. */
export interface GenerationDelta {
  tokenIds: number[];
  text: string;
  logprobs: PositionLogprobs[];
  /** With the last piece of a sample: how it ended. */
  end?: Pick<GenerationResult, "finishReason" | "stopReason">;
}

/** One sample on its way: tokens so far, and when it ends. Knows nothing of batches. */
export class Generation {
  readonly tokenIds: number[] = [];
  readonly logprobs: PositionLogprobs[] = [];
  promptLogprobs: (PositionLogprobs | null)[] | undefined;
  cachedTokens = 0;
  cancelled = false;
  firstTokenAt: number | undefined;
  readonly createdAt = performance.now();
  private readonly incremental: IncrementalText | undefined;
  private streamed = 0;
  private pending: GenerationDelta = { tokenIds: [], text: "", logprobs: [] };

  constructor(
    private readonly model: LoadedGguf,
    readonly request: PromptRequest,
    readonly sampling: SamplingSettings,
    private readonly contextSize: number,
    readonly settle: {
      resolve: (result: GenerationResult) => void;
      reject: (error: unknown) => void;
      /** Called with each certain piece before the end. */
      onDelta?: (delta: GenerationDelta) => void;
    },
    /** Only the first sample of a prompt reports the prompt's log-probabilities. */
    readonly scoresPrompt: boolean,
  ) {
    if (request.stop.length > 0 || settle.onDelta !== undefined) {
      this.incremental = new IncrementalText(model.addonModel, !request.skipSpecial);
    }
  }

  /** Take a sampled token; returns the result if it was the last. */
  accept(token: number, logprobs: PositionLogprobs | undefined): GenerationResult | undefined {
    this.firstTokenAt ??= performance.now();
    this.tokenIds.push(token);
    if (logprobs !== undefined) this.logprobs.push(logprobs);
    const { request } = this;
    const isEnd = !request.ignoreEos && this.model.addonModel.isEogToken(token);
    const isStop = request.stopTokenIds.includes(token);
    if (isEnd || isStop) {
      const text = this.finalText(request.includeStop && isStop ? this.tokenIds : this.tokenIds.slice(0, -1));
      return this.finish(text, "stop", isEnd ? null : token);
    }
    if (this.incremental !== undefined) {
      const before = this.incremental.text.length;
      this.incremental.push(token);
      const found = findStop(this.incremental.text, request.stop, before);
      if (found !== undefined) {
        const end = found.at + (request.includeStop ? found.stop.length : 0);
        return this.finish(this.incremental.text.slice(0, end), "stop", found.stop);
      }
      this.stream(token, logprobs);
    }
    if (this.tokenIds.length >= request.maxTokens || request.prompt.length + this.tokenIds.length >= this.contextSize) {
      return this.finish(this.finalText(this.tokenIds), "length", null);
    }
    return undefined;
  }

  /** The result of a request that samples nothing. */
  finishEmpty(): GenerationResult {
    return this.finish("", "length", null);
  }

  private finalText(tokens: readonly number[]): string {
    if (this.incremental === undefined) {
      return tokens.length === 0
        ? ""
        : this.model.addonModel.detokenize(Uint32Array.from(tokens), !this.request.skipSpecial);
    }
    this.incremental.flush();
    return this.incremental.text;
  }

  private finish(text: string, finishReason: "stop" | "length", stopReason: string | number | null): GenerationResult {
    this.settle.onDelta?.({
      tokenIds: [...this.pending.tokenIds, ...this.tokenIds.slice(this.streamedTokens)],
      text: text.slice(this.streamed),
      logprobs: [...this.pending.logprobs, ...this.logprobs.slice(this.streamedTokens)],
      end: { finishReason, stopReason },
    });
    return {
      tokenIds: this.tokenIds,
      text,
      finishReason,
      stopReason,
      logprobs: this.logprobs,
      promptLogprobs: this.promptLogprobs,
      cachedTokens: this.cachedTokens,
    };
  }

  private streamedTokens = 0;
  private stream(token: number, logprobs: PositionLogprobs | undefined) {
    if (this.settle.onDelta === undefined || this.incremental === undefined) return;
    this.pending.tokenIds.push(token);
    this.streamedTokens++;
    if (logprobs !== undefined) this.pending.logprobs.push(logprobs);
    const { text } = this.incremental;
    const certain = text.length - heldBack(text, this.request.stop);
    if (certain <= this.streamed) return;
    this.settle.onDelta({ ...this.pending, text: text.slice(this.streamed, certain) });
    this.streamed = certain;
    this.pending = { tokenIds: [], text: "", logprobs: [] };
  }
}
