import type { Sampling } from "../core/settings";

/** One sampled completion. */
export interface Sample {
  /** 0-based, in the order of the request. */
  index: number;
  /** The request's seed + index. */
  seed: number;
  /** Without special tokens, beginning exactly where the prompt ended. */
  text: string;
  tokenIds: number[];
  /** "stop" (end token or stop string) or "length" (token limit). */
  finishReason: string;
  /** Number of sampled tokens. */
  tokens: number;
}

/** A piece of a sample on its way. */
export interface SampleDelta {
  /** As in {@link Sample}. */
  index: number;
  /** Where the text goes on; what was told beyond it is void, because the request had to be sent again. */
  at: number;
  text: string;
  /** Sampled tokens so far. */
  tokens: number;
  /** Set with the last piece: "stop", "length", or "abort" (the sample is asked for again). */
  finishReason: string | null;
}

export interface CompleteRequest {
  /** The name by which the server knows the model. */
  model: string;
  promptIds: readonly number[];
  n: number;
  /** Seed of sample 0; sample i gets seed + i. */
  seed: number;
  sampling: Sampling;
  /** Stop strings; they are not part of the text. */
  stop?: readonly string[];
  /** End tokens besides the model's own. */
  stopTokenIds?: readonly number[];
  /** Somebody waits for it: it goes before requests that are not urgent, here and, where it can, at the server. */
  urgent?: boolean;
  /** Stream the answer, and tell each piece as it comes. The result is the same. */
  onDelta?: (delta: SampleDelta) => void;
  signal?: AbortSignal;
}

export interface ScoreRequest {
  model: string;
  /** The whole sequence: context and what is scored. */
  ids: readonly number[];
  /** First scored position, 1 or more: the first token has nothing before it. */
  from: number;
  signal?: AbortSignal;
}

export interface ServedModel {
  id: string;
  /** Context length in tokens; null when the server does not say. */
  maxLength: number | null;
  /** Path or name of the weights as the server tells it; null when it does not. */
  root: string | null;
}

/** What a server tells about its load; null where it does not. Names as in vLLM's /metrics. */
export interface ServerMetrics {
  running: number | null;
  waiting: number | null;
  /** Share of the key-value cache in use, 0..1. */
  kvUsage: number | null;
  /** Since the server's start. */
  preemptions: number | null;
  generationTokens: number | null;
  promptTokens: number | null;
}

/**
 * The one client of inference servers that speak vLLM's wire format. Every method throws
 * InterveneError("unavailable") when the server is down, full or too slow after a few tries (worth waiting for),
 * InterveneError("backend") when it refuses the request or answers something that cannot be used (this item fails),
 * and the signal's own reason when it was aborted.
 */
export interface InferenceClient {
  readonly baseUrl: string;
  complete(request: CompleteRequest): Promise<Sample[]>;
  /** Natural-log probabilities of ids[from..] given what stands before each; length ids.length − from. */
  score(request: ScoreRequest): Promise<Float64Array>;
  models(signal?: AbortSignal): Promise<ServedModel[]>;
  /** Whether the server says that it is well. Never throws. */
  health(signal?: AbortSignal): Promise<{ ok: boolean; message: string }>;
  /** Null when the server has no /metrics. */
  metrics(signal?: AbortSignal): Promise<ServerMetrics | null>;
  /** Token ids of a text, by the server's own tokenizer, without added special tokens. */
  tokenize(model: string, text: string, signal?: AbortSignal): Promise<number[]>;
  /** Token ids of a conversation rendered by the server's own chat template, ready for the assistant's answer. */
  tokenizeChat(model: string, messages: readonly ChatMessage[], signal?: AbortSignal): Promise<number[]>;
  /** Token ids of a text with the server's own names of the tokens, in whichever of the usual spellings. */
  tokenNames(model: string, text: string, signal?: AbortSignal): Promise<{ ids: number[]; names: string[] }>;
  detokenize(model: string, ids: readonly number[], signal?: AbortSignal): Promise<string>;
  /** Requests on the wire and the limit of the adaptive concurrency, in samples. */
  load(): { inFlight: number; waiting: number; limit: number };
  /** Ends the polling and the connections; requests under way fail. */
  close(): Promise<void>;
}

export interface ChatMessage {
  role: "system" | "user" | "assistant";
  content: string;
}

/**
 * A model's chat template and tokenizer. Two sources: a folder with the model's files (chat.ts), or the server
 * itself (remoteChat.ts).
 */
export interface Chat {
  /**
   * Token ids of a conversation, ready for the assistant's next words. `continuation` is the beginning of the
   * assistant's answer, as raw text: it is appended to the rendered prompt and both are encoded as one string, because
   * tokens may span the seam. (The servers' continue_final_message is not used: hybrid-thinking templates rewrite
   * a partial answer, backends.md 0.)
   */
  prompt(messages: readonly ChatMessage[], continuation?: string): Promise<number[]>;
  /** The text of a conversation as the model gets it, ready for the assistant's next words. */
  rendered(messages: readonly ChatMessage[]): Promise<string>;
  /** Without added special tokens. */
  encode(text: string): Promise<number[]>;
  /**
   * As encode, with the text of each token; together they are `text` (as the tokenizer normalises it).
   * @throws InterveneError("backend") when the tokens cannot be laid over the text.
   */
  pieces(text: string): Promise<{ ids: number[]; pieces: string[]; text: string }>;
  /** Special tokens included. */
  decode(ids: readonly number[]): Promise<string>;
  /** The model's end tokens; empty when the source does not tell. */
  readonly endIds: readonly number[];
  /** The token that ends the assistant's turn (the tokenizer's eos_token); left out when the source does not tell. */
  readonly turnEnd?: number;
  /** Where it comes from, for people: a folder or a URL. */
  readonly source: string;
}
