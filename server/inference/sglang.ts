import path from "node:path";
import { z } from "zod";
import { InterveneError } from "../errors";
import { call } from "./call";
import type { Ask, Dialect, Line } from "./dialect";
import { promptLogprobs } from "./scores";
import type { Sample, ScoreRequest, ServedModel } from "./types";
import { modelsAnswer, tokenizeAnswer } from "./wire";

const modelInfo = z.object({
  model_path: z.string(),
  /** "default" until somebody names the weights. */
  weight_version: z.string().nullish(),
});

const generated = z
  .array(
    z.object({
      text: z.string(),
      output_ids: z.array(z.number().int().min(0), { message: "has no output_ids" }),
      meta_info: z.object({ finish_reason: z.object({ type: z.string() }), weight_version: z.string().nullish() }),
    }),
  )
  .min(1);

const scored = z.object({
  meta_info: z.object({
    input_token_logprobs: z.array(z.tuple([z.number().nullable(), z.number().int()]).rest(z.unknown())),
    weight_version: z.string().nullish(),
  }),
});

const detokenized = z.object({ text: z.string() });

/** The weights that a server holds: by which name it serves them, and how it tags its answers. */
interface Weights {
  name: string;
  version: string | null;
  folder: string;
  maxLength: number | null;
}

/**
 * SGLang's HTTP interface (backends.md 1.2), versions that know `sampling_seed`. A server holds the weights of one model,
 * and /update_weights_from_disk puts others in their place while it runs. So every request first asks whose weights are there,
 * and every answer is checked to have come from the same: nothing is ever sampled from another model than the one named.
 *
 * Answers come in one piece (`onDelta` is told of whole samples), and conversations are rendered from the model's folder, which
 * has to be on this machine.
 */
export class Sglang implements Dialect {
  constructor(private readonly line: Line) {}

  async complete({ request: r, first, n, onOverload }: Ask): Promise<Sample[]> {
    const weights = await this.#holding(r.model, r.signal);
    const seeds = Array.from({ length: n }, (_, i) => r.seed + first + i);
    const sampling = {
      max_new_tokens: r.sampling.maxTokens,
      temperature: r.sampling.temperature,
      top_p: r.sampling.topP,
      // There −1 stands for all tokens.
      top_k: r.sampling.topK === 0 ? -1 : r.sampling.topK,
      min_p: r.sampling.minP,
      repetition_penalty: 1,
      presence_penalty: 0,
      frequency_penalty: 0,
      stop: r.stop ?? [],
      stop_token_ids: r.stopTokenIds ?? [],
      skip_special_tokens: true,
    };
    // n > 1 is discouraged there; the prefix cache shares the prompt all the same, and so every sample has its own seed.
    const body = {
      input_ids: seeds.map(() => r.promptIds),
      sampling_params: seeds.map((sampling_seed) => ({ ...sampling, sampling_seed })),
    };
    const answers = await call(this.line.http, { path: "/generate", body, answer: generated, signal: r.signal, onOverload }, this.line.retry);
    if (answers.length !== n)
      throw new InterveneError("backend", `The inference server at ${this.line.baseUrl}/generate gave ${answers.length} samples where ${n} were asked for.`);
    for (const { meta_info } of answers) this.#same(weights, meta_info.weight_version, r.model);
    return answers.map(({ text, output_ids, meta_info }, i) => {
      const finishReason = meta_info.finish_reason.type;
      if (finishReason !== "abort") r.onDelta?.({ index: first + i, at: 0, text, tokens: output_ids.length, finishReason });
      return { index: first + i, seed: seeds[i] ?? r.seed, text, tokenIds: output_ids, finishReason, tokens: output_ids.length };
    });
  }

  async score(r: ScoreRequest): Promise<Float64Array> {
    const weights = await this.#holding(r.model, r.signal);
    // The first position that is returned has no value: it begins one before the first that is wanted.
    const start = r.from - 1;
    const body = { input_ids: r.ids, sampling_params: { max_new_tokens: 0, temperature: 0 }, return_logprob: true, logprob_start_len: start };
    const { meta_info } = await call(this.line.http, { path: "/generate", body, answer: scored, signal: r.signal }, this.line.retry);
    this.#same(weights, meta_info.weight_version, r.model);
    const before = Array.from({ length: start }, () => null);
    const positions = meta_info.input_token_logprobs.map(([logprob, id]) => (logprob === null ? null : { [id]: { logprob } }));
    return promptLogprobs([...before, ...positions], r.ids, r.from, this.line.baseUrl);
  }

  async models(signal?: AbortSignal): Promise<ServedModel[]> {
    const { name, folder, maxLength } = await this.#weights(signal);
    return [{ id: name, root: folder, maxLength }];
  }

  async tokenize(model: string, text: string, signal?: AbortSignal): Promise<number[]> {
    await this.#holding(model, signal);
    const body = { model, prompt: text, add_special_tokens: false };
    return (await call(this.line.http, { path: "/tokenize", body, answer: tokenizeAnswer, signal }, this.line.retry)).tokens;
  }

  async tokenizeChat(model: string): Promise<number[]> {
    throw this.#needsFolder(model);
  }

  async tokenNames(model: string): Promise<{ ids: number[]; names: string[] }> {
    throw this.#needsFolder(model);
  }

  async detokenize(model: string, ids: readonly number[], signal?: AbortSignal): Promise<string> {
    const body = { model, tokens: ids, skip_special_tokens: false };
    return (await call(this.line.http, { path: "/detokenize", body, answer: detokenized, signal }, this.line.retry)).text;
  }

  #needsFolder(model: string): InterveneError {
    return new InterveneError(
      "backend",
      `The SGLang server at ${this.line.baseUrl} renders no conversations, so the folder of "${model}" (tokenizer.json, chat template) has to be on this machine under the path that the server was started with.`,
    );
  }

  /** @throws InterveneError("backend") when the server holds the weights of another model. */
  async #holding(model: string, signal: AbortSignal | undefined): Promise<Weights> {
    const weights = await this.#weights(signal);
    if (weights.name === model) return weights;
    throw new InterveneError(
      "backend",
      `The SGLang server at ${this.line.baseUrl} holds the weights of "${weights.name}" now, not those of "${model}": it serves one model at a time. Put them back (POST /update_weights_from_disk with the folder as model_path and the name as weight_version), then retry what failed.`,
    );
  }

  #same(asked: Weights, answered: string | null | undefined, model: string): void {
    if (answered === null || answered === undefined || answered === asked.version) return;
    throw new InterveneError(
      "backend",
      `The SGLang server at ${this.line.baseUrl} was given other weights (version "${answered}") while "${model}" was sampled; what it answered is thrown away.`,
    );
  }

  /**
   * Whose weights are there. Since an update renames the served model to its path (0.5.20), those that this product put there
   * are known by their version, which is the last part of that path; others by the name that the server was started with.
   */
  async #weights(signal: AbortSignal | undefined): Promise<Weights> {
    const ask = { method: "GET" as const, signal };
    const [info, list] = await Promise.all([
      call(this.line.http, { ...ask, path: "/get_model_info", answer: modelInfo }, this.line.retry).catch((error: unknown) => {
        if (!(error instanceof InterveneError && error.message.includes("status 404"))) throw error;
        throw new InterveneError("backend", `${this.line.baseUrl} has no /get_model_info, so it is no SGLang server, as INFERENCE_SERVER=sglang says.`, { cause: error });
      }),
      call(this.line.http, { ...ask, path: "/v1/models", answer: modelsAnswer }, this.line.retry),
    ]);
    const version = info.weight_version ?? null;
    const [served] = list.data;
    const folder = info.model_path;
    const name = version !== null && version === path.basename(folder) ? version : (served?.id ?? folder);
    return { name, version, folder, maxLength: served?.max_model_len ?? null };
  }
}
