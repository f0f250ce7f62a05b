import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type RunningEngine, startEngine, temporaryFolder } from "./server";
import { referenceLogprobs, TINY, type Weights, writeTinyModel } from "./tiny-qwen3";

/** The server over real HTTP, on a real (random) Qwen3 model. */
const completion = z.object({
  object: z.literal("text_completion"),
  model: z.string(),
  choices: z.array(
    z.object({
      index: z.number(),
      text: z.string(),
      finish_reason: z.enum(["stop", "length"]),
      stop_reason: z.union([z.number(), z.string(), z.null()]),
      token_ids: z.array(z.number()).nullable(),
      prompt_logprobs: z
        .array(
          z
            .record(z.string(), z.object({ logprob: z.number(), rank: z.number(), decoded_token: z.string() }))
            .nullable(),
        )
        .nullable(),
    }),
  ),
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number(), total_tokens: z.number() }),
});
const errorBody = z.object({
  error: z.object({ message: z.string(), type: z.string(), param: z.string().nullable(), code: z.number() }),
});

let engine: RunningEngine;
let weights: Weights;
/** A vocabulary too large to read whole rows of. */
const WIDE = { ...TINY, vocab: 3000, layers: 1, maxPositions: 256 };
let wideWeights: Weights;
const prompt = Array.from({ length: 60 }, (_, i) => (i * 31 + 5) % 256);
const sampling = {
  temperature: 1,
  top_p: 1,
  top_k: 0,
  min_p: 0,
  max_tokens: 24,
  ignore_eos: true,
  return_token_ids: true,
};

async function complete(body: Record<string, unknown>) {
  const answer = await engine.post("/v1/completions", { model: "tiny", prompt, ...sampling, ...body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return completion.parse(answer.body);
}
async function refused(body: unknown, route = "/v1/completions") {
  const answer = await engine.post(route, body);
  return { status: answer.status, headers: answer.headers, error: errorBody.parse(answer.body).error };
}

beforeAll(async () => {
  const folder = await temporaryFolder();
  weights = await writeTinyModel(path.join(folder, "tiny"), TINY, "F16");
  await writeTinyModel(path.join(folder, "wide"), WIDE, "F16", 2).then((made) => {
    wideWeights = made;
  });
  engine = await startEngine(path.join(folder, "tiny"), folder, [
    ...["--model", `wide=${path.join(folder, "wide")}`],
    "--sequences",
    "8",
    "--max-queued",
    "24",
    "--lanes",
    "2",
  ]);
});
afterAll(async () => {
  const { code, milliseconds } = await engine.stop();
  expect(code).toBe(0);
  // Half a second where nothing else runs; a hook has no second try.
  expect(milliseconds).toBeLessThan(10_000);
});

describe("samples", () => {
  it("of one request are distinct, counted, and longer than the places at once allow", async () => {
    const answer = await complete({ n: 20, seed: 100 });
    expect(answer.choices.map((choice) => choice.index)).toEqual([...Array(20).keys()]);
    expect(new Set(answer.choices.map((choice) => String(choice.token_ids))).size).toBe(20);
    expect(answer.choices.every((choice) => choice.finish_reason === "length" && choice.token_ids?.length === 24)).toBe(
      true,
    );
    expect(answer.usage).toMatchObject({ prompt_tokens: 60, completion_tokens: 480, total_tokens: 540 });
  });

  it("have the same tokens alone and in a batch: child i has seed + i", async () => {
    for (const settings of [{}, { temperature: 0.7, top_k: 20, top_p: 0.8, min_p: 0.01 }]) {
      const together = await complete({ n: 8, seed: 40, ...settings });
      for (const i of [0, 3, 7]) {
        const alone = await complete({ n: 1, seed: 40 + i, ...settings });
        expect(alone.choices[0]?.token_ids).toEqual(together.choices[i]?.token_ids);
      }
    }
  });

  it("come prompt by prompt", async () => {
    const other = [...prompt].reverse();
    const both = await complete({ prompt: [prompt, other], n: 2, seed: 9 });
    const second = await complete({ prompt: other, n: 2, seed: 9 });
    expect(both.choices.slice(2).map((choice) => choice.token_ids)).toEqual(
      second.choices.map((choice) => choice.token_ids),
    );
  });

  it("follow the model's distribution", async () => {
    const logprobs = referenceLogprobs(TINY, weights, prompt).at(-1) ?? new Float64Array();
    const counts = new Map<number, number>();
    for (let round = 0; round < 20; round++) {
      const answer = await complete({ n: 20, seed: 1000 * round, max_tokens: 1 });
      for (const choice of answer.choices)
        counts.set(choice.token_ids?.[0] ?? -1, (counts.get(choice.token_ids?.[0] ?? -1) ?? 0) + 1);
    }
    // 400 draws: each frequency within four standard deviations.
    logprobs.forEach((logprob, token) => {
      const p = Math.exp(logprob);
      expect(Math.abs((counts.get(token) ?? 0) / 400 - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 400) + 1e-2);
    });
  });

  it("are greedy at temperature 0", async () => {
    const answer = await complete({ temperature: 0, max_tokens: 1 });
    const logprobs = referenceLogprobs(TINY, weights, prompt).at(-1) ?? new Float64Array();
    expect(answer.choices[0]?.token_ids).toEqual([logprobs.indexOf(Math.max(...logprobs))]);
  });

  it("have 16 tokens by default and for null", async () => {
    for (const max_tokens of [undefined, null]) {
      expect((await complete({ max_tokens, seed: 1 })).choices[0]?.token_ids).toHaveLength(16);
    }
  });

  it("end at a stop string, a stop token and the end token", async () => {
    const free = (await complete({ seed: 77 })).choices[0];
    const ids = free?.token_ids ?? [];
    const { prompt: text } = z
      .object({ prompt: z.string() })
      .parse((await engine.post("/detokenize", { tokens: ids })).body);
    const stop = text.slice(6, 8);
    const stopped = (await complete({ seed: 77, stop: [stop] })).choices[0];
    expect(stopped).toMatchObject({
      finish_reason: "stop",
      stop_reason: stop,
      text: text.slice(0, text.indexOf(stop)),
    });
    const token = ids[5] ?? 0;
    const byToken = (await complete({ seed: 77, stop_token_ids: [token] })).choices[0];
    expect(byToken).toMatchObject({
      finish_reason: "stop",
      stop_reason: token,
      token_ids: ids.slice(0, ids.indexOf(token) + 1),
    });
    // An even spread over all tokens: some of the samples meet the end token.
    const ended = (await complete({ n: 20, seed: 3, temperature: 5, max_tokens: 200, ignore_eos: false })).choices;
    const atEnd = ended.filter((choice) => choice.finish_reason === "stop");
    expect(atEnd.length).toBeGreaterThan(0);
    expect(atEnd.every((choice) => choice.stop_reason === null && !choice.text.includes("<|im_end|>"))).toBe(true);
  });

  it("stream the same text", async () => {
    const whole = (await complete({ seed: 12, n: 2 })).choices;
    const response = await fetch(`${engine.url}/v1/completions`, {
      method: "POST",
      body: JSON.stringify({
        prompt,
        ...sampling,
        seed: 12,
        n: 2,
        stream: true,
        stream_options: { include_usage: true },
      }),
    });
    const events = (await response.text()).split("\n\n").filter(Boolean);
    expect(events.at(-1)).toBe("data: [DONE]");
    const chunk = z.object({
      choices: z.array(z.object({ index: z.number(), text: z.string(), token_ids: z.array(z.number()).nullish() })),
    });
    const texts = ["", ""];
    const tokens: number[][] = [[], []];
    for (const event of events.slice(0, -1)) {
      for (const choice of chunk.parse(JSON.parse(event.slice(6))).choices) {
        texts[choice.index] += choice.text;
        tokens[choice.index]?.push(...(choice.token_ids ?? []));
      }
    }
    expect(texts).toEqual(whole.map((choice) => choice.text));
    expect(tokens).toEqual(whole.map((choice) => choice.token_ids));
  });
});

describe("log-probabilities of a given text", () => {
  it("are the model's, with the first position null and the actual token always there", async () => {
    const expected = referenceLogprobs(TINY, weights, prompt);
    for (const top of [0, 3]) {
      const answer = await complete({ max_tokens: 1, prompt_logprobs: top });
      const positions = answer.choices[0]?.prompt_logprobs ?? [];
      expect(positions).toHaveLength(prompt.length);
      expect(positions[0]).toBeNull();
      positions.slice(1).forEach((entries, i) => {
        const token = prompt[i + 1] ?? 0;
        const row = expected[i] ?? new Float64Array();
        expect(Math.abs((entries?.[String(token)]?.logprob ?? Number.NaN) - (row[token] ?? 0))).toBeLessThan(1e-4);
        expect(entries?.[String(token)]?.rank).toBe(1 + row.filter((value) => value > (row[token] ?? 0)).length);
        expect(Object.keys(entries ?? {}).length).toBeGreaterThanOrEqual(Math.max(top, 1));
      });
    }
  });
});

describe("a large vocabulary", () => {
  it("has the same log-probabilities, ranks as far as they are asked for, and the same nucleus", async () => {
    const row = referenceLogprobs(WIDE, wideWeights, prompt);
    const answer = await engine.post("/v1/completions", { model: "wide", prompt, max_tokens: 1, prompt_logprobs: 5 });
    const positions = z
      .object({
        choices: z.tuple([
          z.object({
            prompt_logprobs: z.array(
              z.record(z.string(), z.object({ logprob: z.number(), rank: z.number().nullable() })).nullable(),
            ),
          }),
        ]),
      })
      .parse(answer.body).choices[0].prompt_logprobs;
    positions.slice(1).forEach((entries, i) => {
      const expected = row[i] ?? new Float64Array();
      const token = String(prompt[i + 1]);
      expect(Object.keys(entries ?? {})).toContain(token);
      expect(Object.values(entries ?? {}).filter((entry) => (entry.rank ?? 9) <= 5)).toHaveLength(5);
      for (const [id, { logprob, rank }] of Object.entries(entries ?? {})) {
        const truth = expected[Number(id)] ?? Number.NaN;
        expect(Math.abs(logprob - truth)).toBeLessThan(1e-4);
        if (rank !== null) expect(rank).toBe(1 + expected.filter((value) => value > truth).length);
      }
    });
    const last = [...(row.at(-1) ?? [])]
      .map((logprob, token) => ({ token, p: Math.exp(logprob) }))
      .sort((a, b) => b.p - a.p);
    const nucleus = new Set<number>();
    for (let mass = 0, i = 0; mass < 0.3; i++) {
      nucleus.add(last[i]?.token ?? -1);
      mass += last[i]?.p ?? 1;
    }
    const drawn = await complete({ model: "wide", n: 20, seed: 1, top_p: 0.3, max_tokens: 1 });
    for (const choice of drawn.choices) expect(nucleus).toContain(choice.token_ids?.[0]);
    expect(new Set(drawn.choices.map((choice) => choice.token_ids?.[0])).size).toBeGreaterThan(1);
  });
});

describe("prefixes", () => {
  it("are evaluated once for all samples of a prompt and found again by a later prompt", async () => {
    const fresh = Array.from({ length: 200 }, (_, i) => (i * 77 + 3) % 250);
    const hits = await engine.metric("vllm:prefix_cache_hits_total");
    await complete({ prompt: fresh, n: 4, seed: 1 });
    expect((await engine.metric("vllm:prefix_cache_hits_total")) - hits).toBe(3 * 199);
    await complete({ prompt: [...fresh, 1, 2, 3], seed: 1 });
    expect((await engine.metric("vllm:prefix_cache_hits_total")) - hits).toBeGreaterThanOrEqual(3 * 199);
  });
});

describe("chat", () => {
  it("renders the template and answers n messages", async () => {
    const messages = [{ role: "user", content: "the cat" }];
    const tokenized = z
      .object({ count: z.number(), tokens: z.array(z.number()), max_model_len: z.number() })
      .parse((await engine.post("/tokenize", { messages, add_generation_prompt: true })).body);
    const { prompt: text } = z
      .object({ prompt: z.string() })
      .parse((await engine.post("/detokenize", { tokens: tokenized.tokens })).body);
    expect(text).toBe("<|im_start|>user\nthe cat<|im_end|>\n<|im_start|>assistant\n");
    const answer = await engine.post("/v1/chat/completions", {
      model: "tiny",
      messages,
      n: 2,
      seed: 5,
      max_tokens: 10,
      return_token_ids: true,
    });
    const body = z
      .object({
        choices: z.array(z.object({ message: z.object({ role: z.literal("assistant"), content: z.string() }) })),
        usage: z.object({ prompt_tokens: z.number() }),
      })
      .parse(answer.body);
    expect(body.choices).toHaveLength(2);
    expect(body.usage.prompt_tokens).toBe(tokenized.count);
    const raw = await complete({ prompt: tokenized.tokens, n: 2, seed: 5, max_tokens: 10, ignore_eos: false });
    expect(body.choices.map((choice) => choice.message.content)).toEqual(raw.choices.map((choice) => choice.text));
  });
});

describe("what is wrong", () => {
  it("is answered with the reason", async () => {
    const long = Array.from({ length: TINY.maxPositions + 1 }, () => 1);
    expect(await refused({ prompt: long })).toMatchObject({
      status: 400,
      error: { message: expect.stringContaining("maximum context length is 512 tokens") },
    });
    expect(await refused({ prompt, max_tokens: 500 })).toMatchObject({
      status: 400,
      error: { message: expect.stringContaining("500 > 512 - 60") },
    });
    expect(await refused({ prompt, model: "gpt" })).toMatchObject({
      status: 404,
      error: { type: "NotFoundError", message: "The model `gpt` does not exist." },
    });
    expect(await refused("{ not json")).toMatchObject({ status: 400, error: { type: "BadRequestError" } });
    expect(await refused({ prompt: [] })).toMatchObject({ status: 400 });
    expect(await refused({ prompt: [100000] })).toMatchObject({
      status: 400,
      error: { message: expect.stringContaining("out of vocabulary") },
    });
    expect(await refused({ prompt, temperature: -1 })).toMatchObject({ status: 400, error: { param: "temperature" } });
    expect(await refused({ prompt, repetition_penalty: 1.2 })).toMatchObject({
      status: 400,
      error: { message: expect.stringContaining("not supported") },
    });
    expect(await refused({ prompt, n: 4, temperature: 0 })).toMatchObject({ status: 400 });
    expect(await refused({ prompt, n: 25 })).toMatchObject({
      status: 400,
      error: { message: expect.stringContaining("at most 24") },
    });
    expect(await refused({}, "/v1/nothing")).toMatchObject({ status: 404 });
  });

  it("503 when more samples are running and waiting than allowed, and everything accepted is answered", async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, i) =>
        engine.post("/v1/completions", { prompt, ...sampling, n: 8, seed: i, max_tokens: 100 }),
      ),
    );
    const statuses = answers.map((answer) => answer.status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(3);
    expect(statuses.filter((status) => status === 503)).toHaveLength(2);
    const full = answers.find((answer) => answer.status === 503);
    expect(errorBody.parse(full?.body).error).toMatchObject({ code: 503, type: "ServiceUnavailableError" });
    expect(full?.headers.get("retry-after")).toBe("1");
  });

  it("a client that goes away frees its places at once", async () => {
    const controller = new AbortController();
    const aborts = await engine.metric("vllm:request_success_total", 'finished_reason="abort"');
    const pending = engine.post("/v1/completions", { prompt, ...sampling, n: 20, max_tokens: 400 }, controller.signal);
    while ((await engine.metric("vllm:num_requests_running")) < 8)
      await new Promise((resolve) => setTimeout(resolve, 5));
    controller.abort();
    await expect(pending).rejects.toThrow();
    const start = performance.now();
    while (
      (await engine.metric("vllm:num_requests_running")) + (await engine.metric("vllm:num_requests_waiting")) >
      0
    ) {
      expect(performance.now() - start).toBeLessThan(2000);
    }
    expect((await engine.metric("vllm:request_success_total", 'finished_reason="abort"')) - aborts).toBe(20);
    expect((await complete({ n: 2, seed: 1 })).choices).toHaveLength(2);
  });
});

describe("state", () => {
  it("health, models, version, load and metrics answer as vLLM's do", async () => {
    expect((await fetch(`${engine.url}/health`)).status).toBe(200);
    const models = await (await fetch(`${engine.url}/v1/models`)).json();
    expect(models).toMatchObject({
      object: "list",
      data: [
        { id: "tiny", object: "model", max_model_len: 512 },
        { id: "wide", max_model_len: 256 },
      ],
    });
    expect(await (await fetch(`${engine.url}/load`)).json()).toEqual({ server_load: 0 });
    expect(await (await fetch(`${engine.url}/version`)).json()).toHaveProperty("version");
    const before = await engine.metric("vllm:generation_tokens_total");
    await complete({ n: 3, seed: 1, max_tokens: 10 });
    expect((await engine.metric("vllm:generation_tokens_total")) - before).toBe(30);
    for (const line of (await (await fetch(`${engine.url}/metrics`)).text()).trim().split("\n")) {
      expect(line).toMatch(/^(# (HELP|TYPE) .+|[a-z0-9_:]+(\{([a-z_]+="[^"]*",?)+\})? [-+0-9.eE]+)$/);
    }
  });
});
