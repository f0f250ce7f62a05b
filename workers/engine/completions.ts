import { randomUUID } from "node:crypto";
import type { Engine } from "./engine";
import type { GenerationDelta, GenerationResult } from "./generation";
import type { PositionLogprobs } from "./logprobs";
import { type CompletionBody, HttpError } from "./protocol";
import { finite, promptLogprobsForm, promptRequest, samplingsOf, tokenText, usageOf } from "./sampled";
import { decode, encode } from "./tokens";

/** Token ids of each prompt of a request. */
function promptsOf(engine: Engine, body: CompletionBody): number[][] {
  const { prompt } = body;
  const fromText = (text: string) => encode(engine.model, text, body.add_special_tokens ?? true);
  if (typeof prompt === "string") return [fromText(prompt)];
  const prompts: number[][] = [];
  const single: number[] = [];
  for (const item of prompt) {
    if (typeof item === "number") single.push(item);
    else prompts.push(typeof item === "string" ? fromText(item) : item);
  }
  return single.length > 0 ? [single] : prompts;
}

/** vLLM's logprobs object of a completion. */
function logprobsForm(
  engine: Engine,
  body: CompletionBody,
  positions: readonly (PositionLogprobs | null)[],
  tokens: readonly number[],
  offset: number,
) {
  const form = {
    text_offset: [] as number[],
    token_logprobs: [] as (number | null)[],
    tokens: [] as string[],
    top_logprobs: [] as (Record<string, number> | null)[],
  };
  let at = offset;
  positions.forEach((entries, i) => {
    const text = tokenText(engine, tokens[i] ?? 0, body.return_tokens_as_token_ids);
    form.text_offset.push(at);
    form.tokens.push(text);
    form.token_logprobs.push(entries?.[0] === undefined ? null : finite(entries[0].logprob));
    form.top_logprobs.push(
      entries === null
        ? null
        : Object.fromEntries(
            entries.map((entry) => [
              tokenText(engine, entry.token, body.return_tokens_as_token_ids),
              finite(entry.logprob),
            ]),
          ),
    );
    at += text.length;
  });
  return form;
}

interface Prepared {
  prompts: number[][];
  jobs: { request: ReturnType<typeof promptRequest>; samplings: ReturnType<typeof samplingsOf>; priority: number }[];
  n: number;
  head: { id: string; object: "text_completion"; created: number; model: string };
}

function prepare(engine: Engine, body: CompletionBody): Prepared {
  const prompts = promptsOf(engine, body);
  const echo = body.echo === true;
  if (body.max_tokens === 0 && !echo && body.prompt_logprobs == null) {
    throw new HttpError(400, "max_tokens must be at least 1, got 0.", "max_tokens");
  }
  const promptLogprobs = body.prompt_logprobs ?? (echo ? (body.logprobs ?? undefined) : undefined);
  const jobs = prompts.map((prompt) => ({
    // vLLM's own default of 16, also for null.
    request: promptRequest(engine, prompt, body, {
      maxTokens: body.max_tokens ?? 16,
      logprobs: body.logprobs ?? undefined,
      promptLogprobs,
    }),
    samplings: samplingsOf(body),
    priority: body.priority ?? 0,
  }));
  return {
    prompts,
    jobs,
    n: body.n ?? 1,
    head: {
      id: `cmpl-${randomUUID().replaceAll("-", "")}`,
      object: "text_completion",
      created: Math.floor(Date.now() / 1000),
      model: engine.name,
    },
  };
}

function choiceOf(
  engine: Engine,
  body: CompletionBody,
  index: number,
  prompt: readonly number[],
  result: GenerationResult,
  promptLogprobs: GenerationResult["promptLogprobs"],
) {
  const echoed = body.echo === true ? decode(engine.model, prompt, true) : "";
  const echoLogprobs = body.echo === true && promptLogprobs !== undefined;
  return {
    index,
    text: echoed + result.text,
    logprobs:
      body.logprobs == null
        ? null
        : logprobsForm(
            engine,
            body,
            echoLogprobs ? [...promptLogprobs, ...result.logprobs] : result.logprobs,
            echoLogprobs ? [...prompt, ...result.tokenIds] : result.tokenIds,
            0,
          ),
    finish_reason: result.finishReason,
    stop_reason: result.stopReason,
    token_ids: body.return_token_ids === true ? result.tokenIds : null,
    prompt_logprobs: promptLogprobs === undefined ? null : promptLogprobsForm(engine, promptLogprobs),
    prompt_token_ids: body.return_token_ids === true ? prompt : null,
  };
}

/** Answer of POST /v1/completions: the n samples of prompt 0, then those of prompt 1, … */
export async function complete(engine: Engine, body: CompletionBody, signal: AbortSignal) {
  const { prompts, jobs, n, head } = prepare(engine, body);
  const results = await engine.generate(jobs, signal);
  return {
    ...head,
    choices: results.flatMap((samples, p) =>
      samples.map((result, i) =>
        choiceOf(engine, body, p * n + i, prompts[p] ?? [], result, samples[0]?.promptLogprobs),
      ),
    ),
    usage: usageOf(prompts, results),
    kv_transfer_params: null,
  };
}

/**
 * The same as server-sent events: `send` gets each chunk. Checks are made before the first chunk, so that what is
 * wrong with a request is still an HTTP status.
 */
export async function streamCompletion(
  engine: Engine,
  body: CompletionBody,
  signal: AbortSignal,
  send: (chunk: unknown) => void,
) {
  const { prompts, jobs, n, head } = prepare(engine, body);
  const offsets = prompts.flatMap((prompt) =>
    Array.from({ length: n }, () => (body.echo === true ? decode(engine.model, prompt, true).length : 0)),
  );
  const began = new Set<number>();
  const results = await engine.generate(jobs, signal, (p, sample, delta: GenerationDelta) => {
    const index = p * n + sample;
    const first = !began.has(index);
    began.add(index);
    const echoed = first && body.echo === true ? decode(engine.model, prompts[p] ?? [], true) : "";
    if (delta.tokenIds.length === 0 && delta.text === "" && echoed === "" && delta.end === undefined) return;
    const offset = offsets[index] ?? 0;
    offsets[index] = offset + delta.text.length;
    send({
      ...head,
      choices: [
        {
          index,
          text: echoed + delta.text,
          logprobs: body.logprobs == null ? null : logprobsForm(engine, body, delta.logprobs, delta.tokenIds, offset),
          // With the last piece of each sample, as vLLM has it: a page need not wait for the slowest of n.
          finish_reason: delta.end?.finishReason ?? null,
          stop_reason: delta.end?.stopReason ?? null,
          ...(body.return_token_ids === true
            ? { token_ids: delta.tokenIds, ...(first ? { prompt_token_ids: prompts[p] } : {}) }
            : {}),
        },
      ],
    });
  });
  if (body.stream_options?.include_usage === true) send({ ...head, choices: [], usage: usageOf(prompts, results) });
}
