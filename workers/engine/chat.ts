import { randomUUID } from "node:crypto";
import type { Engine } from "./engine";
import type { PositionLogprobs } from "./logprobs";
import type { ChatBody } from "./protocol";
import { finite, promptLogprobsForm, promptRequest, samplingsOf, tokenText, usageOf } from "./sampled";
import { encode, renderChat } from "./tokens";

function logprobsForm(
  engine: Engine,
  body: ChatBody,
  tokens: readonly number[],
  positions: readonly PositionLogprobs[],
) {
  const entry = ({ token, logprob }: PositionLogprobs[number]) => {
    const text = tokenText(engine, token, body.return_tokens_as_token_ids);
    return { token: text, logprob: finite(logprob), bytes: [...Buffer.from(text)] };
  };
  return {
    content: positions.map((entries, i) => {
      const [actual] = entries;
      const best = [...entries].sort((a, b) => b.logprob - a.logprob).slice(0, body.top_logprobs ?? 0);
      return {
        ...entry(actual ?? { token: tokens[i] ?? 0, logprob: -9999, rank: null }),
        top_logprobs: best.map(entry),
      };
    }),
  };
}

function prepare(engine: Engine, body: ChatBody) {
  const text = renderChat(engine.model, body.messages, body.add_generation_prompt, body.chat_template_kwargs);
  // The template writes the begin token itself where the model has one.
  const prompt = encode(engine.model, text, false);
  const request = promptRequest(engine, prompt, body, {
    maxTokens: body.max_completion_tokens ?? body.max_tokens ?? undefined,
    logprobs: body.logprobs === true ? (body.top_logprobs ?? 0) : undefined,
    promptLogprobs: body.prompt_logprobs ?? undefined,
  });
  const head = {
    id: `chatcmpl-${randomUUID().replaceAll("-", "")}`,
    created: Math.floor(Date.now() / 1000),
    model: engine.name,
  };
  return { prompt, jobs: [{ request, samplings: samplingsOf(body) }], head };
}

/** Answer of POST /v1/chat/completions. Without max_tokens an answer may fill the context, as in vLLM. */
export async function chat(engine: Engine, body: ChatBody, signal: AbortSignal) {
  const { prompt, jobs, head } = prepare(engine, body);
  const results = await engine.generate(jobs, signal);
  const samples = results[0] ?? [];
  const scored = samples[0]?.promptLogprobs;
  return {
    ...head,
    object: "chat.completion",
    choices: samples.map((result, index) => ({
      index,
      message: { role: "assistant", content: result.text, refusal: null, reasoning: null, tool_calls: [] },
      logprobs: body.logprobs === true ? logprobsForm(engine, body, result.tokenIds, result.logprobs) : null,
      finish_reason: result.finishReason,
      stop_reason: result.stopReason,
      token_ids: body.return_token_ids === true ? result.tokenIds : null,
    })),
    usage: usageOf([prompt], results),
    prompt_logprobs: scored === undefined ? null : promptLogprobsForm(engine, scored),
    prompt_token_ids: body.return_token_ids === true ? prompt : null,
  };
}

/** The same as server-sent events. */
export async function streamChat(engine: Engine, body: ChatBody, signal: AbortSignal, send: (chunk: unknown) => void) {
  const { prompt, jobs, head } = prepare(engine, body);
  const chunk = (index: number, delta: Record<string, unknown>, rest: Record<string, unknown> = {}) =>
    send({
      ...head,
      object: "chat.completion.chunk",
      choices: [{ index, delta, logprobs: null, finish_reason: null, ...rest }],
    });
  const began = new Set<number>();
  const results = await engine.generate(jobs, signal, (_, index, delta) => {
    if (!began.has(index)) chunk(index, { role: "assistant", content: "" });
    began.add(index);
    if (delta.text === "" && delta.tokenIds.length === 0) return;
    chunk(index, { content: delta.text }, body.return_token_ids === true ? { token_ids: delta.tokenIds } : {});
  });
  (results[0] ?? []).forEach((result, index) => {
    chunk(index, { content: "" }, { finish_reason: result.finishReason, stop_reason: result.stopReason });
  });
  if (body.stream_options?.include_usage === true) {
    send({ ...head, object: "chat.completion.chunk", choices: [], usage: usageOf([prompt], results) });
  }
}
