import { afterEach, describe, expect, test } from "vitest";
import { InterveneError } from "@/server/errors";
import { backoff } from "@/server/inference/call";
import { type ClientOptions, createInferenceClient } from "@/server/inference/client";
import { retryAfter } from "@/server/inference/http";
import type { CompleteRequest, InferenceClient } from "@/server/inference/types";
import { type Fault, type FaultyServer, goodCompletion, hang, json, ok, startFaultyServer, text } from "./faulty-server";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function open(faults: Fault[], o: { last?: Fault; routes?: Record<string, Fault>; client?: Partial<ClientOptions> } = {}): Promise<{ server: FaultyServer; client: InferenceClient }> {
  const server = await startFaultyServer(faults, o);
  const client = createInferenceClient({ baseUrl: server.url, retry: { tries: 3, baseMs: 5, capMs: 20 }, pollMs: 0, ...o.client });
  closers.push(async () => {
    await client.close();
    await server.stop();
  });
  return { server, client };
}

const request = (over: Partial<CompleteRequest> = {}): CompleteRequest => ({
  model: "m",
  promptIds: [1, 2, 3],
  n: 2,
  seed: 40,
  sampling: { temperature: 0.7, topP: 0.8, topK: 20, minP: 0, maxTokens: 64 },
  ...over,
});

/** The error that a promise is rejected with. */
async function failure(promise: Promise<unknown>): Promise<InterveneError> {
  const error = await promise.then(
    () => null,
    (e: unknown) => e,
  );
  if (!(error instanceof InterveneError)) throw new Error(`expected an InterveneError, got ${String(error)}`);
  return error;
}

const status = (code: number, body: unknown = { error: { message: `no ${code}` } }, headers?: Record<string, string>): Fault => (_, response) => json(response, code, body, headers);

describe("what is sent", () => {
  test("token ids, n, the seed, and every sampling parameter, always", async () => {
    const { server, client } = await open([]);
    const samples = await client.complete(request({ stop: ["\n\nQ"], stopTokenIds: [9] }));
    expect(server.seen[0]?.body).toMatchObject({
      model: "m", prompt: [1, 2, 3], n: 2, seed: 40, temperature: 0.7, top_p: 0.8, top_k: 20, min_p: 0, max_tokens: 64, stop: ["\n\nQ"], stop_token_ids: [9], return_token_ids: true, stream: false,
    });
    expect(samples).toEqual([
      { index: 0, seed: 40, text: " seed 40", tokenIds: [5, 40], finishReason: "stop", tokens: 2 },
      { index: 1, seed: 41, text: " seed 41", tokenIds: [5, 41], finishReason: "stop", tokens: 2 },
    ]);
  });
  test("the key, and a base URL with or without /v1", async () => {
    const { server } = await open([]);
    const client = createInferenceClient({ baseUrl: `${server.url}/v1/`, apiKey: "secret" });
    await client.complete(request());
    await client.close();
    expect(server.seen[0]?.headers.authorization).toBe("Bearer secret");
  });
  test("many samples go as several requests with the seeds they would have had", async () => {
    const { server, client } = await open([], { client: { samplesPerRequest: 4 } });
    const samples = await client.complete(request({ n: 10 }));
    expect(samples.map((s) => s.seed)).toEqual([40, 41, 42, 43, 44, 45, 46, 47, 48, 49]);
    expect(samples.map((s) => s.index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(server.seen.map((s) => [s.body.seed, s.body.n]).sort()).toEqual([[40, 4], [44, 4], [48, 2]]);
  });
});

describe("tried again inside the call", () => {
  const drop: Fault = (_, response) => void response.destroy();
  const half: Fault = (seen, response) => {
    const body = JSON.stringify(goodCompletion(seen));
    response.writeHead(200, { "content-type": "application/json", "content-length": String(body.length) });
    response.write(body.slice(0, 20));
    setTimeout(() => response.destroy(), 5);
  };
  test.each<[string, Fault]>([
    ["503, full", status(503)],
    ["429", status(429)],
    ["408", status(408)],
    ["409", status(409)],
    ["500", status(500)],
    ["502 with a proxy's page", (_, r) => text(r, 502, "<html>Bad gateway</html>")],
    ["a connection that is dropped", drop],
    ["half an answer, then the connection drops", half],
    ["an error inside a 200", status(200, { error: { message: "engine is restarting", code: 503 } })],
  ])("%s", async (_, fault) => {
    const { server, client } = await open([fault, fault]);
    expect(await client.complete(request())).toHaveLength(2);
    expect(server.seen).toHaveLength(3);
    expect(server.seen[2]?.body).toEqual(server.seen[0]?.body);
  });

  test("samples that the server aborted are asked for alone, by their own seeds", async () => {
    const aborting: Fault = (seen, response) => {
      const answer = goodCompletion(seen) as { choices: { finish_reason: string; text: string; token_ids: number[] }[] };
      const second = answer.choices[1];
      if (second) Object.assign(second, { finish_reason: "abort", text: "", token_ids: [] });
      json(response, 200, answer);
    };
    const { server, client } = await open([aborting]);
    const samples = await client.complete(request({ n: 3 }));
    expect(samples.map((s) => s.text)).toEqual([" seed 40", " seed 41", " seed 42"]);
    expect(server.seen[1]?.body).toMatchObject({ n: 1, seed: 41 });
  });

  test("Retry-After is honoured", async () => {
    const { client } = await open([status(503, {}, { "retry-after": "0.3" })]);
    const began = performance.now();
    await client.complete(request());
    expect(performance.now() - began).toBeGreaterThan(290);
    expect(retryAfter("Wed, 21 Oct 2026 07:28:10 GMT", Date.parse("2026-10-21T07:28:00Z"))).toBe(10_000);
    expect(retryAfter("soon")).toBeNull();
  });

  test("waits are random below a bound that doubles", () => {
    expect(backoff(1, null, { baseMs: 400 }, () => 0.5)).toBe(200);
    expect(backoff(3, null, { baseMs: 400 }, () => 0.5)).toBe(800);
    expect(backoff(30, null, { capMs: 10_000 }, () => 1)).toBe(10_000);
    expect(backoff(1, 2_000, { baseMs: 400 }, () => 0)).toBe(2_000);
  });
});

describe("given up, with a sentence for people", () => {
  test.each<[string, Fault, InterveneError["kind"], RegExp]>([
    ["full for good", status(503, { error: { message: "queue is full" } }), "unavailable", /status 503: queue is full; 3 tries/],
    ["a dead engine", status(500, { error: { message: "EngineDeadError" } }), "unavailable", /EngineDeadError/],
    ["a bad request", status(400, { error: { message: "maximum context length is 512" } }), "backend", /refused.*maximum context length is 512/],
    ["an unknown model", status(404, { error: { message: "The model `m` does not exist." } }), "backend", /does not exist/],
    ["a field it does not know", status(422, { detail: [{ loc: ["body", "top_k"], msg: "extra" }] }), "backend", /top_k/],
    ["a body too large", status(413), "backend", /413/],
    ["a wrong key", status(401, { error: "Unauthorized" }), "backend", /INFERENCE_API_KEY/],
    ["a redirect", (_, r) => void r.writeHead(302, { location: "/login" }).end(), "backend", /status 302/],
    ["a proxy's page", (_, r) => text(r, 200, "<html><body>Please log in</body></html>"), "backend", /not JSON: <html><body>Please log in/],
    ["truncated JSON", (_, r) => text(r, 200, '{"choices": [{"index": 0, "te'), "backend", /not JSON/],
    ["an empty answer", (_, r) => text(r, 200, ""), "backend", /an empty body/],
    ["NaN in it", (_, r) => text(r, 200, '{"choices": NaN}'), "backend", /not JSON/],
    ["another JSON", status(200, { hello: 1 }), "backend", /choices/],
    ["null", status(200, null), "backend", /cannot be used/],
    ["a choice without text", status(200, { choices: [{ index: 0, finish_reason: "stop", token_ids: [1] }] }), "backend", /choices\.0\.text/],
    ["no token ids", status(200, { choices: [{ index: 0, text: "", finish_reason: "stop" }] }), "backend", /token_ids/],
    ["one choice where two were asked for", status(200, { choices: [{ index: 0, text: "a", finish_reason: "stop", token_ids: [1] }] }), "backend", /choices 0 where 2 were asked for/],
    ["the same choice twice", status(200, { choices: [0, 0].map((index) => ({ index, text: "a", finish_reason: "stop", token_ids: [1] })) }), "backend", /choices 0, 0/],
  ])("%s", async (_, fault, kind, message) => {
    const { server, client } = await open([], { last: fault });
    const error = await failure(client.complete(request()));
    expect(error.message).toMatch(message);
    expect(error.message).toContain(server.url);
    expect(error.kind).toBe(kind);
    expect(server.seen).toHaveLength(kind === "unavailable" ? 3 : 1);
  });

  test("nothing listens", async () => {
    const { server, client } = await open([]);
    await server.stop();
    const error = await failure(client.complete(request()));
    expect(error.kind).toBe("unavailable");
    expect(error.message).toMatch(/nothing listens there \(connection refused\); 3 tries/);
  });

  test("500 from a server that is otherwise well is this request's fault: it must not hold the run up", async () => {
    const { client } = await open([], { last: status(500), routes: { "/health": (_, r) => void r.writeHead(200).end() } });
    const error = await failure(client.complete(request()));
    expect(error.kind).toBe("backend");
    expect(error.message).toMatch(/is up but fails on this request 3 times/);
  });

  test("a server that hangs is given up after the time limit", async () => {
    const { server, client } = await open([], { last: hang, client: { timeoutMs: 150 } });
    const error = await failure(client.complete(request()));
    expect(error.kind).toBe("unavailable");
    expect(error.message).toMatch(/no answer within/);
    expect(server.seen).toHaveLength(1);
  });

  test("a prompt without tokens and a wrong n never reach the server", async () => {
    const { server, client } = await open([]);
    expect((await failure(client.complete(request({ promptIds: [] })))).kind).toBe("bad_input");
    await expect(client.complete(request({ n: 0 }))).rejects.toThrow(RangeError);
    expect(server.seen).toHaveLength(0);
  });
});

describe("cancelling", () => {
  test("ends a request on the wire at once, at both ends", async () => {
    const { server, client } = await open([], { last: hang });
    const stop = new AbortController();
    const answer = client.complete(request({ signal: stop.signal }));
    const settled = expect(answer).rejects.toThrow("cancelled by a person");
    await expect.poll(() => server.inFlight).toBe(2);
    stop.abort(new Error("cancelled by a person"));
    await settled;
    await expect.poll(() => server.inFlight).toBe(0);
    expect(client.load().inFlight).toBe(0);
  });
  test("ends a wait between tries and a wait for a turn", async () => {
    const { client } = await open([hang], { last: status(503), client: { limit: { initial: 2, max: 2 }, retry: { tries: 50, baseMs: 60_000, capMs: 60_000 } } });
    const stop = new AbortController();
    const first = client.complete(request({ signal: stop.signal }));
    const second = client.complete(request({ signal: stop.signal }));
    expect(client.load()).toMatchObject({ inFlight: 2, waiting: 2 });
    const both = Promise.allSettled([first, second]);
    stop.abort(new Error("stop"));
    expect((await both).map((r) => r.status)).toEqual(["rejected", "rejected"]);
    expect(client.load()).toMatchObject({ inFlight: 0, waiting: 0 });

    const retrying = new AbortController();
    const third = client.complete(request({ signal: retrying.signal }));
    setTimeout(() => retrying.abort(new Error("enough")), 100);
    await expect(third).rejects.toThrow("enough");
  });
});

describe("scores", () => {
  const scored = (positions: unknown[]): Fault => status(200, { choices: [{ index: 0, text: "", finish_reason: "length", prompt_logprobs: positions }] });
  const good = [null, { "2": { logprob: -0.5, rank: 1 } }, { "3": { logprob: -1.25, rank: 2 }, "8": { logprob: -0.1, rank: 1 } }];
  test("are the given tokens' own log-probabilities", async () => {
    const { server, client } = await open([scored(good), scored(good)]);
    expect([...(await client.score({ model: "m", ids: [1, 2, 3], from: 1 }))]).toEqual([-0.5, -1.25]);
    expect([...(await client.score({ model: "m", ids: [1, 2, 3], from: 2 }))]).toEqual([-1.25]);
    expect([...(await client.score({ model: "m", ids: [1, 2, 3], from: 3 }))]).toEqual([]);
    expect(server.seen).toHaveLength(2);
    expect(server.seen[0]?.body).toMatchObject({ prompt: [1, 2, 3], max_tokens: 1, temperature: 1, prompt_logprobs: 0 });
    await expect(client.score({ model: "m", ids: [1, 2], from: 0 })).rejects.toThrow(RangeError);
  });
  test.each<[string, unknown[]]>([
    ["too few positions", good.slice(0, 2)],
    ["another token's", [null, good[1], { "9": { logprob: -1 } }]],
    ["a hole", [null, null, good[2]]],
    ["a probability above one", [null, good[1], { "3": { logprob: 0.5 } }]],
  ])("%s is an error, not a number", async (_, positions) => {
    const { client } = await open([], { last: scored(positions) });
    expect((await failure(client.score({ model: "m", ids: [1, 2, 3], from: 1 }))).kind).toBe("backend");
  });
  test("go two at a time", async () => {
    const slow: Fault = (_, r) => void setTimeout(() => scored(good)(_, r), 20);
    const { server, client } = await open([], { last: slow });
    await Promise.all(Array.from({ length: 8 }, () => client.score({ model: "m", ids: [1, 2, 3], from: 1 })));
    expect(server.mostInFlight).toBe(2);
  });
});

describe("health and metrics", () => {
  test("health never throws and says what is wrong", async () => {
    const { server, client } = await open([], { routes: { "/health": (_, r) => text(r, 503, "Loading model") } });
    expect(await client.health()).toEqual({ ok: false, message: `${server.url}: status 503: Loading model` });
    await server.stop();
    expect(await client.health()).toMatchObject({ ok: false, message: expect.stringContaining("nothing listens there") });
  });
  test("a server without metrics is no error", async () => {
    const { client } = await open([]);
    expect(await client.metrics()).toBeNull();
  });
});

test("an overloaded server is sent less: the samples in flight fall with its refusals, and nothing is lost", async () => {
  let refused = 0;
  const room: Fault = (seen, response) => {
    if (server.inFlight > 12) {
      refused++;
      json(response, 503, { error: { message: "full" } });
    } else setTimeout(() => ok(seen, response), 5);
  };
  const { server, client } = await open([], { last: room, client: { limit: { initial: 64 }, retry: { tries: 60, baseMs: 10, capMs: 40 } } });
  const all = await Promise.all(Array.from({ length: 60 }, (_, i) => client.complete(request({ n: 4, seed: i * 100 }))));
  expect(all.flat()).toHaveLength(240);
  expect(new Set(all.flat().map((s) => s.seed)).size).toBe(240);
  expect(refused).toBeGreaterThan(0);
  expect(client.load().limit).toBeLessThan(64);
});
