import { InterveneError } from "../errors";
import { call } from "./call";
import { readCompletionStream } from "./completion-stream";
import type { Ask, Dialect, Line } from "./dialect";
import { promptLogprobs } from "./scores";
import type { ChatMessage, Sample, ScoreRequest, ServedModel } from "./types";
import { completionAnswer, detokenizeAnswer, excerpt, modelsAnswer, scoreAnswer, tokenizeAnswer, tokenNamesAnswer } from "./wire";

/** vLLM's HTTP interface, and the embedded engine's (backends.md 1.1). */
export class Vllm implements Dialect {
  /** Whether the server takes "priority"; a vLLM without priority scheduling refuses it. */
  #takesPriority = true;

  constructor(private readonly line: Line) {}

  async complete(ask: Ask): Promise<Sample[]> {
    if (!ask.request.urgent || !this.#takesPriority) return this.#send(ask, false);
    try {
      return await this.#send(ask, true);
    } catch (error) {
      if (!(error instanceof InterveneError && error.kind === "backend" && /priority/i.test(error.message))) throw error;
      this.#takesPriority = false;
      return this.#send(ask, false);
    }
  }

  async #send({ request: r, first, n, onOverload }: Ask, priority: boolean): Promise<Sample[]> {
    const { onDelta } = r;
    const { http, baseUrl, retry } = this.line;
    const seed = r.seed + first;
    const answer = await call(
      http,
      {
        path: "/v1/completions",
        // Everything is sent, always: what is left out falls back to the model's generation_config.json.
        body: {
          model: r.model,
          prompt: r.promptIds,
          n,
          seed,
          temperature: r.sampling.temperature,
          top_p: r.sampling.topP,
          top_k: r.sampling.topK,
          min_p: r.sampling.minP,
          max_tokens: r.sampling.maxTokens,
          repetition_penalty: 1,
          presence_penalty: 0,
          frequency_penalty: 0,
          stop: r.stop ?? [],
          stop_token_ids: r.stopTokenIds ?? [],
          stream: onDelta !== undefined,
          return_token_ids: true,
          // The lower, the earlier; 0 is what everything else has.
          ...(priority ? { priority: -1 } : {}),
        },
        answer: completionAnswer,
        ...(onDelta ? { stream: () => readCompletionStream(n, (d) => onDelta({ ...d, index: first + d.index })) } : {}),
        signal: r.signal,
        onOverload,
      },
      retry,
    );
    const choices = [...answer.choices].sort((a, b) => a.index - b.index);
    if (choices.length !== n || choices.some((c, i) => c.index !== i)) {
      throw new InterveneError(
        "backend",
        `The inference server at ${baseUrl}/v1/completions gave choices ${excerpt(choices.map((c) => c.index).join(", "))} where ${n} were asked for.`,
      );
    }
    return choices.map((c) => ({
      index: first + c.index,
      seed: seed + c.index,
      text: c.text,
      tokenIds: c.token_ids,
      finishReason: c.finish_reason,
      tokens: c.token_ids.length,
    }));
  }

  async score(r: ScoreRequest): Promise<Float64Array> {
    const { http, baseUrl, retry } = this.line;
    // Temperature 1 matters where the server gives processed log-probabilities; 0 extra tokens suffice, since the
    // given token is always among those returned.
    const body = { model: r.model, prompt: r.ids, n: 1, seed: 0, temperature: 1, top_p: 1, top_k: 0, min_p: 0, max_tokens: 1, stream: false, prompt_logprobs: 0 };
    const answer = await call(http, { path: "/v1/completions", body, answer: scoreAnswer, signal: r.signal }, retry);
    return promptLogprobs(answer.choices[0]?.prompt_logprobs ?? [], r.ids, r.from, baseUrl);
  }

  async models(signal?: AbortSignal): Promise<ServedModel[]> {
    const { data } = await call(this.line.http, { method: "GET", path: "/v1/models", answer: modelsAnswer, signal }, this.line.retry);
    // An adapter has its base model's context.
    const lengthOf = (id: string | null | undefined) => data.find((m) => m.id === id)?.max_model_len ?? null;
    return data.map((m) => ({ id: m.id, maxLength: m.max_model_len ?? lengthOf(m.parent), root: m.root ?? null }));
  }

  async tokenize(model: string, text: string, signal?: AbortSignal): Promise<number[]> {
    return (await this.#tokens({ model, prompt: text, add_special_tokens: false }, signal)).tokens;
  }

  async tokenizeChat(model: string, messages: readonly ChatMessage[], signal?: AbortSignal): Promise<number[]> {
    return (await this.#tokens({ model, messages, add_generation_prompt: true, add_special_tokens: false }, signal)).tokens;
  }

  #tokens(body: object, signal: AbortSignal | undefined) {
    return call(this.line.http, { path: "/tokenize", body, answer: tokenizeAnswer, signal }, this.line.retry);
  }

  async tokenNames(model: string, text: string, signal?: AbortSignal): Promise<{ ids: number[]; names: string[] }> {
    const body = { model, prompt: text, add_special_tokens: false, return_token_strs: true };
    const answer = await call(this.line.http, { path: "/tokenize", body, answer: tokenNamesAnswer, signal }, this.line.retry);
    return { ids: answer.tokens, names: answer.token_strs };
  }

  async detokenize(model: string, ids: readonly number[], signal?: AbortSignal): Promise<string> {
    const body = { model, tokens: ids };
    return (await call(this.line.http, { path: "/detokenize", body, answer: detokenizeAnswer, signal }, this.line.retry)).prompt;
  }
}
