import type { Engine } from "./engine";
import type { GenerationResult, PromptRequest } from "./generation";
import type { PositionLogprobs } from "./logprobs";
import { type ChatBody, type CompletionBody, HttpError } from "./protocol";
import type { SamplingSettings } from "./sampling";
import { decode } from "./tokens";

/** What completions and chats have in common: limits, sampling settings and vLLM's forms of log-probabilities. */

const MAX_LOGPROBS = 20;
const MAX_SEED = 2 ** 31;

type SharedBody = Pick<
  CompletionBody | ChatBody,
  | "n"
  | "seed"
  | "temperature"
  | "top_p"
  | "top_k"
  | "min_p"
  | "stop"
  | "stop_token_ids"
  | "include_stop_str_in_output"
  | "ignore_eos"
  | "skip_special_tokens"
  | "prompt_logprobs"
  | "stream"
  | "stream_options"
>;

/** Sampling settings of the request's n samples: child i has seed + i. Without a seed each request draws one. */
export function samplingsOf(body: SharedBody): SamplingSettings[] {
  const n = body.n ?? 1;
  const temperature = body.temperature ?? 1;
  if (n > 1 && temperature < 1e-5) throw new HttpError(400, `n must be 1 when using greedy sampling, got ${n}.`, "n");
  const seed = body.seed ?? Math.floor(Math.random() * MAX_SEED);
  return Array.from({ length: n }, (_, i) => ({
    temperature,
    topP: body.top_p ?? 1,
    topK: Math.max(0, body.top_k ?? 0),
    minP: body.min_p ?? 0,
    seed: seed + i,
  }));
}

function checkedLogprobs(name: string, value: number | undefined, vocabulary: number): number | undefined {
  if (value === undefined) return undefined;
  if (value === -1 && vocabulary <= 2048) return vocabulary;
  if (value < 0 || value > MAX_LOGPROBS) {
    throw new HttpError(400, `${name}: requested ${value}, which is greater than max allowed: ${MAX_LOGPROBS}`, name);
  }
  return value;
}

/** The engine's request for one prompt, after vLLM's checks of lengths. */
export function promptRequest(
  engine: Engine,
  prompt: readonly number[],
  body: SharedBody,
  limits: { maxTokens: number | undefined; logprobs: number | undefined; promptLogprobs: number | undefined },
): PromptRequest {
  const context = engine.contextSize;
  const vocabulary = engine.model.vocabularySize;
  if (prompt.length === 0) throw new HttpError(400, "The prompt is empty: at least one token is needed.", "prompt");
  const wrong = prompt.find((id) => id >= vocabulary);
  if (wrong !== undefined)
    throw new HttpError(400, `Token id ${wrong} is out of vocabulary (${vocabulary} tokens).`, "prompt");
  if (prompt.length > context || (prompt.length === context && limits.maxTokens !== 0)) {
    throw new HttpError(
      400,
      `This model's maximum context length is ${context} tokens. However, your request has ${prompt.length} input tokens. Please reduce the length of the input.`,
      "prompt",
    );
  }
  const maxTokens = limits.maxTokens ?? context - prompt.length;
  if (prompt.length + maxTokens > context) {
    throw new HttpError(
      400,
      `'max_tokens' or 'max_completion_tokens' is too large: ${maxTokens}. This model's maximum context length is ${context} tokens and your request has ${prompt.length} input tokens (${maxTokens} > ${context} - ${prompt.length}).`,
      "max_tokens",
    );
  }
  if (limits.promptLogprobs !== undefined && body.stream === true) {
    throw new HttpError(400, "`prompt_logprobs` are not available when `stream=True`.", "prompt_logprobs");
  }
  if (body.stream_options && body.stream !== true) {
    throw new HttpError(400, "Stream options can only be defined when `stream=True`.", "stream_options");
  }
  return {
    prompt,
    maxTokens,
    stop: typeof body.stop === "string" ? [body.stop] : (body.stop ?? []).filter((text) => text !== ""),
    stopTokenIds: body.stop_token_ids ?? [],
    includeStop: body.include_stop_str_in_output ?? false,
    ignoreEos: body.ignore_eos ?? false,
    skipSpecial: body.skip_special_tokens ?? true,
    logprobs: checkedLogprobs("logprobs", limits.logprobs, vocabulary),
    promptLogprobs: checkedLogprobs("prompt_logprobs", limits.promptLogprobs, vocabulary),
  };
}

/** vLLM's prompt_logprobs: token id as a string → log-probability, rank and text; the first position is null. */
export function promptLogprobsForm(engine: Engine, positions: readonly (PositionLogprobs | null)[]) {
  return positions.map((entries) =>
    entries === null
      ? null
      : Object.fromEntries(
          entries.map(({ token, logprob, rank }) => [
            String(token),
            { logprob: finite(logprob), rank, decoded_token: decode(engine.model, [token], true) },
          ]),
        ),
  );
}

/** JSON has no infinity: vLLM sends -9999.0. */
export function finite(logprob: number): number {
  return Math.max(logprob, -9999);
}

export function tokenText(engine: Engine, token: number, asId: boolean | null | undefined): string {
  return asId === true ? `token_id:${token}` : decode(engine.model, [token], true);
}

export function usageOf(prompts: readonly (readonly number[])[], results: readonly (readonly GenerationResult[])[]) {
  const promptTokens = prompts.reduce((n, prompt) => n + prompt.length, 0);
  const completionTokens = results.flat().reduce((n, result) => n + result.tokenIds.length, 0);
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: null,
  };
}
