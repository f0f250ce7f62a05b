import type { RetryOptions } from "./call";
import type { Http } from "./http";
import type { ChatMessage, CompleteRequest, Sample, ScoreRequest, ServedModel } from "./types";

/** Servers that the client can talk to (INFERENCE_SERVER). The embedded engine speaks vLLM's dialect. */
export const SERVERS = ["vllm", "sglang"] as const;
export type ServerKind = (typeof SERVERS)[number];

/** What a dialect is given to talk with. */
export interface Line {
  http: Http;
  /** For people, and without a path. */
  baseUrl: string;
  retry: RetryOptions | undefined;
}

/** One request for samples first..first+n−1 of a {@link CompleteRequest}. */
export interface Ask {
  request: CompleteRequest;
  first: number;
  n: number;
  /** Told of each refusal for want of room. */
  onOverload: () => void;
}

/**
 * How one kind of server is asked. What is the same for all of them (splitting, limits, asking again for aborted samples)
 * is the client's. Errors are those of InferenceClient.
 */
export interface Dialect {
  /** @returns n samples in the order of their indices; a finishReason "abort" is asked for again. */
  complete(ask: Ask): Promise<Sample[]>;
  /** Natural-log probabilities of ids[from..]; `from` is 1..ids.length − 1. */
  score(r: ScoreRequest): Promise<Float64Array>;
  models(signal?: AbortSignal): Promise<ServedModel[]>;
  tokenize(model: string, text: string, signal?: AbortSignal): Promise<number[]>;
  tokenizeChat(model: string, messages: readonly ChatMessage[], signal?: AbortSignal): Promise<number[]>;
  tokenNames(model: string, text: string, signal?: AbortSignal): Promise<{ ids: number[]; names: string[] }>;
  detokenize(model: string, ids: readonly number[], signal?: AbortSignal): Promise<string>;
}
