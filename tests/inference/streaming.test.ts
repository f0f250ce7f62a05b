import { afterEach, describe, expect, test } from "vitest";
import type { SampleDelta } from "@/server/inference/types";
import { createInferenceClient } from "@/server/inference/client";
import { Limiter } from "@/server/inference/limiter";
import { loadChat } from "@/server/inference/chat";
import { type Fault, goodCompletion, json, ok, type Seen, startFaultyServer } from "./faulty-server";
import { LAB_FOLDER, startLabEngine } from "./lab-engine";

/** Streamed completions: against a server that misbehaves on purpose, and against the real engine. */
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function open(faults: Fault[], last?: Fault) {
  const server = await startFaultyServer(faults, last ? { last } : {});
  const client = createInferenceClient({ baseUrl: server.url, retry: { tries: 3, baseMs: 5, capMs: 20 }, pollMs: 0 });
  closers.push(async () => {
    await client.close();
    await server.stop();
  });
  const deltas: SampleDelta[] = [];
  const ask = (over: object = {}) =>
    client.complete({
      model: "m",
      promptIds: [1, 2, 3],
      n: 2,
      seed: 40,
      sampling: { temperature: 0.7, topP: 0.8, topK: 20, minP: 0, maxTokens: 64 },
      urgent: true,
      onDelta: (d) => deltas.push(d),
      ...over,
    });
  return { server, deltas, ask };
}

/** What a page would have after all deltas: text that goes on from `at`, whatever was there beyond it. */
function joined(deltas: readonly SampleDelta[]): Record<number, string> {
  const texts: Record<number, string> = {};
  for (const d of deltas) {
    const before = texts[d.index] ?? "";
    expect(d.at).toBeLessThanOrEqual(before.length);
    texts[d.index] = before.slice(0, d.at) + d.text;
  }
  return texts;
}

const event = (choices: unknown, end = "\n\n") => `data: ${JSON.stringify({ id: "c", choices })}${end}`;
const piece = (index: number, text: string, token: number, finish: string | null = null) => ({
  index,
  text,
  token_ids: [token],
  finish_reason: finish,
});
const whole = [
  event([piece(0, " se", 5)]),
  event([piece(1, " one", 6), piece(0, "ed", 7)]),
  event([piece(1, "", 2, "stop")]),
  event([piece(0, " 40é", 8, "length")]),
  event([]),
  "data: [DONE]\n\n",
];
/** Sends the pieces as they are given, one chunk each; then ends, or cuts the connection. */
const stream =
  (chunks: readonly (string | Uint8Array)[], cut = false): Fault =>
  async (_: Seen, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const chunk of chunks) {
      response.write(chunk);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    if (cut) response.destroy();
    else response.end();
  };
const EXPECTED = [
  { index: 0, seed: 40, text: " seed 40é", tokenIds: [5, 7, 8], finishReason: "length", tokens: 3 },
  { index: 1, seed: 41, text: " one", tokenIds: [6, 2], finishReason: "stop", tokens: 2 },
];

describe("against a misbehaving server", () => {
  test("pieces are told as they come, and the samples are as without streaming", async () => {
    const { server, deltas, ask } = await open([stream(whole)]);
    expect(await ask()).toEqual(EXPECTED);
    expect(server.seen[0]?.body).toMatchObject({ stream: true, return_token_ids: true, priority: -1, n: 2 });
    expect(joined(deltas)).toEqual({ 0: " seed 40é", 1: " one" });
    expect(deltas.filter((d) => d.finishReason !== null).map((d) => [d.index, d.finishReason, d.tokens])).toEqual([
      [1, "stop", 2],
      [0, "length", 3],
    ]);
  });

  test("chunks may be cut anywhere: inside a character, a line, or hold many events; comments and CRLF are fine", async () => {
    const bytes = Buffer.from(`: hello\r\n\r\n${whole.join("").replace(/\n/g, "\r\n")}`);
    for (const size of [1, 7, 10_000]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
      const { deltas, ask } = await open([
        (_, response) => {
          response.writeHead(200, { "content-type": "text/event-stream" });
          for (const chunk of chunks) response.write(chunk);
          response.end();
        },
      ]);
      expect(await ask()).toEqual(EXPECTED);
      expect(joined(deltas)).toEqual({ 0: " seed 40é", 1: " one" });
    }
  });

  test("a stream that breaks off, ends early or carries an error is sent again, and the page's text is set back", async () => {
    const faults: Record<string, Fault> = {
      cut: stream(whole.slice(0, 2), true),
      "ends early": stream([...whole.slice(0, 3), "data: [DONE]\n\n"]),
      "error inside": stream([...whole.slice(0, 1), `data: ${JSON.stringify({ error: { message: "engine died", code: 500 } })}\n\n`, "data: [DONE]\n\n"]),
      "no JSON": stream([...whole.slice(0, 1), "data: {oops\n\n"]),
      "another choice": stream([event([piece(9, "x", 1)]), "data: [DONE]\n\n"]),
      503: (_, response) => json(response, 503, { error: { message: "full" } }),
    };
    for (const [what, fault] of Object.entries(faults)) {
      const { server, deltas, ask } = await open([fault, stream(whole)]);
      expect(await ask(), what).toEqual(EXPECTED);
      expect(server.seen).toHaveLength(2);
      expect(joined(deltas), what).toEqual({ 0: " seed 40é", 1: " one" });
    }
    const { ask } = await open([], stream(whole.slice(0, 2)));
    await expect(ask()).rejects.toMatchObject({ kind: "unavailable", message: expect.stringContaining("the stream ended before 2 of 2 samples") });
  });

  test("a server that does not stream answers in one piece; one without token ids is refused in words", async () => {
    const { deltas, ask } = await open([ok]);
    expect((await ask()).map((s) => s.text)).toEqual([" seed 40", " seed 41"]);
    expect(deltas).toEqual([]);
    const bare = await open([stream([event([{ index: 0, text: "x", finish_reason: "stop" }, { index: 1, text: "y", finish_reason: "stop" }]), "data: [DONE]\n\n"])]);
    await expect(bare.ask()).rejects.toMatchObject({ kind: "backend", message: expect.stringContaining("has no token_ids") });
  });

  test("an aborted child is asked for again, and its text begins anew", async () => {
    const aborted = [event([piece(0, "half", 5, "abort"), piece(1, " one", 6, "stop")]), "data: [DONE]\n\n"];
    const { server, deltas, ask } = await open([stream(aborted), stream([event([piece(0, " whole", 5, "stop")]), "data: [DONE]\n\n"])]);
    expect((await ask()).map((s) => s.text)).toEqual([" whole", " one"]);
    expect(server.seen[1]?.body).toMatchObject({ n: 1, seed: 40 });
    expect(joined(deltas)).toEqual({ 0: " whole", 1: " one" });
  });

  test("a server without priority scheduling is asked without it, once and for all", async () => {
    const refuse: Fault = (seen, response) =>
      seen.body.priority === undefined
        ? json(response, 200, goodCompletion(seen))
        : json(response, 400, { error: { message: "Got priority -1 but Priority scheduling is not enabled." } });
    const { server, ask } = await open([], refuse);
    expect(await ask()).toHaveLength(2);
    expect(await ask()).toHaveLength(2);
    expect(server.seen.map((s) => s.body.priority)).toEqual([-1, undefined, undefined]);
  });
});

describe("urgent requests", () => {
  test("go past everything that waits, beyond the limit too, but not without bound", async () => {
    const limiter = new Limiter({ initial: 8, max: 8 });
    const held = await limiter.acquire(8);
    const order: string[] = [];
    const note = (name: string) => (release: () => void) => {
      order.push(name);
      return release;
    };
    const bulk = limiter.acquire(8).then(note("bulk"));
    const first = await limiter.acquire(8, undefined, true).then(note("urgent 1"));
    const second = await limiter.acquire(8, undefined, true).then(note("urgent 2"));
    const third = limiter.acquire(8, undefined, true).then(note("urgent 3"));
    await Promise.resolve();
    expect(order).toEqual(["urgent 1", "urgent 2"]);
    expect(limiter.inFlight).toBe(24);
    second();
    (await third)();
    first();
    held();
    (await bulk)();
    expect(order).toEqual(["urgent 1", "urgent 2", "urgent 3", "bulk"]);
    expect([limiter.inFlight, limiter.waiting]).toEqual([0, 0]);
  });
});

test("the real engine: the same samples streamed and not, each with its own end, and an urgent one soon while many run", async () => {
  const engine = await startLabEngine("--sequences", "8");
  const client = createInferenceClient({ baseUrl: engine.url, limit: { initial: 64, max: 64 }, pollMs: 0 });
  closers.push(async () => {
    await client.close();
    await engine.stop();
  });
  const chat = await loadChat(LAB_FOLDER);
  const promptIds = await chat.prompt([{ role: "user", content: "Ava has 12 coins. Ben has 3 more coins than Ava. How many coins does Ben have?" }]);
  const sampling = { temperature: 1, topP: 0.95, topK: 0, minP: 0, maxTokens: 64 };
  const want = { model: "lab", promptIds, n: 6, seed: 5, sampling, stopTokenIds: chat.endIds };
  const plain = await client.complete(want);
  const deltas: SampleDelta[] = [];
  const streamed = await client.complete({ ...want, onDelta: (d) => deltas.push(d) });
  expect(streamed).toEqual(plain);
  expect(joined(deltas)).toEqual(Object.fromEntries(plain.map((s) => [s.index, s.text])));
  expect(deltas.length).toBeGreaterThan(6 * 5);
  const ends = deltas.filter((d) => d.finishReason !== null);
  expect(new Set(ends.map((d) => d.index)).size).toBe(6);
  // The first that ended was told before the last one had ended.
  const shortest = Math.min(...plain.map((s) => s.tokens));
  if (shortest < Math.max(...plain.map((s) => s.tokens)) - 2) {
    const at = deltas.findIndex((d) => d.finishReason !== null);
    expect(at).toBeLessThan(deltas.length - 2);
  }

  // Eight places, 64 samples that run and wait: the urgent one begins as soon as one place is free.
  const running = Array.from({ length: 8 }, (_, i) => client.complete({ ...want, n: 8, seed: 100 * i, sampling: { ...sampling, maxTokens: 200 } }));
  await expect.poll(async () => (await client.metrics())?.waiting ?? 0).toBeGreaterThan(30);
  let ended = 0;
  for (const r of running) void r.then(() => ended++);
  let endedBefore = -1;
  await client.complete({ ...want, n: 1, seed: 9, urgent: true, onDelta: () => { if (endedBefore < 0) endedBefore = ended; } });
  expect(endedBefore).toBeLessThan(4);
  await Promise.all(running);
}, 120_000);
