import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LAB_SOLVE } from "@/server/core/prompts/lab";
import { fillTemplate } from "@/server/core/prompts/template";
import { type LocalChat, loadChat } from "@/server/inference/chat";
import { checkChat } from "@/server/inference/checkChat";
import { createInferenceClient } from "@/server/inference/client";
import { remoteChat } from "@/server/inference/remoteChat";
import type { InferenceClient } from "@/server/inference/types";
import { LAB_FOLDER, startLabEngine } from "./lab-engine";

/** The client on the real engine with the real lab model. Nothing here asks how good the model is. */
let engine: Awaited<ReturnType<typeof startLabEngine>>;
let client: InferenceClient;
let chat: LocalChat;
beforeAll(async () => {
  engine = await startLabEngine();
  client = createInferenceClient({ baseUrl: engine.url, retry: { tries: 2, baseMs: 50 }, pollMs: 100 });
  chat = await loadChat(LAB_FOLDER);
}, 120_000);
afterAll(async () => {
  await client.close();
  await engine.stop();
});

const problem = "Ava has 12 coins. Ben has 3 more coins than Ava. How many coins does Ben have?";
const messages = [{ role: "user" as const, content: fillTemplate(LAB_SOLVE.turns[0]?.text ?? "", { problem }) }];
const sampling = { temperature: 1, topP: 0.95, topK: 0, minP: 0, maxTokens: 64 };

describe("chat", () => {
  test("the folder's tokenizer is the server's, and the check says so", async () => {
    await checkChat(chat, client, "lab");
    expect(chat.endIds.length).toBeGreaterThan(0);
  });
  test("rendering here and at the server give the same ids, with and without the beginning of an answer", async () => {
    const remote = remoteChat(client, "lab");
    for (const continuation of [undefined, "Cal: $3+4=7$", "Cal: $3+4=7$\n\nDee: $7\\times 2=14$"]) {
      const ids = await chat.prompt(messages, continuation);
      expect(await remote.prompt(messages, continuation)).toEqual(ids);
      expect(await remote.decode(ids)).toBe(await chat.decode(ids));
      expect(await chat.decode(ids)).toBe(chat.render(messages, continuation));
    }
    expect(await remote.encode("a\n\nb")).toEqual(await chat.encode("a\n\nb"));
  });
  test("another model's tokenizer is found out before anything is sampled", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "intervene-chat-"));
    try {
      cpSync(LAB_FOLDER, folder, { recursive: true, filter: (file) => !file.endsWith(".safetensors") });
      const file = path.join(folder, "tokenizer.json");
      const tokenizer = JSON.parse(readFileSync(file, "utf8")) as { model: { vocab: Record<string, number> } };
      const { vocab } = tokenizer.model;
      [vocab["1"], vocab["2"]] = [vocab["2"] ?? 0, vocab["1"] ?? 0];
      writeFileSync(file, JSON.stringify(tokenizer));
      await expect(checkChat(await loadChat(folder), client, "lab")).rejects.toThrow(/is not the one of model "lab".*token \d+ of a test text/);
      writeFileSync(file, "{");
      await expect(loadChat(folder)).rejects.toThrow(/tokenizer\.json cannot be used/);
      rmSync(file);
      await expect(loadChat(folder)).rejects.toThrow(/has no readable tokenizer\.json/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("samples", () => {
  test("a request's children have the seeds of the request and can be asked for alone", async () => {
    const promptIds = await chat.prompt(messages);
    const all = await client.complete({ model: "lab", promptIds, n: 6, seed: 1000, sampling });
    expect(all.map((s) => [s.index, s.seed])).toEqual([0, 1, 2, 3, 4, 5].map((i) => [i, 1000 + i]));
    const third = await client.complete({ model: "lab", promptIds, n: 1, seed: 1003, sampling });
    expect(third[0]?.text).toBe(all[3]?.text);
    for (const s of all) {
      expect(s.tokens).toBe(s.tokenIds.length);
      const ids = s.tokenIds.filter((id) => !chat.endIds.includes(id));
      expect(await chat.decode(ids)).toBe(s.text);
    }
  });
  test("go on from the middle of an answer, and stop at the token limit", async () => {
    const promptIds = await chat.prompt(messages, "Ava: $12");
    const [sample] = await client.complete({ model: "lab", promptIds, n: 1, seed: 1, sampling: { ...sampling, maxTokens: 3 } });
    expect(sample).toMatchObject({ finishReason: "length", tokens: 3 });
  });
  test("a prompt beyond the context fails this item with the server's reason", async () => {
    const [model] = await client.models();
    expect(model?.maxLength).toBeGreaterThan(100);
    const promptIds = new Array<number>((model?.maxLength ?? 0) + 10).fill(5);
    await expect(client.complete({ model: "lab", promptIds, n: 1, seed: 1, sampling })).rejects.toMatchObject({ kind: "backend" });
    await expect(client.complete({ model: "nobody", promptIds: [5], n: 1, seed: 1, sampling })).rejects.toThrow(/nobody/);
  });
  test("a cancelled request stops computing", async () => {
    const stop = new AbortController();
    const promptIds = await chat.prompt(messages);
    const answer = client.complete({ model: "lab", promptIds, n: 32, seed: 5, sampling: { ...sampling, maxTokens: 400 }, signal: stop.signal });
    const settled = expect(answer).rejects.toThrow("cancelled");
    await expect.poll(async () => (await client.metrics())?.running ?? 0).toBeGreaterThan(0);
    stop.abort(new Error("cancelled"));
    await settled;
    await expect.poll(async () => (await client.metrics())?.running).toBe(0);
  });
});

test("scores are the log-probabilities under which the samples were drawn: their chain adds up from any position", async () => {
  const promptIds = await chat.prompt(messages);
  const [sample] = await client.complete({ model: "lab", promptIds, n: 1, seed: 3, sampling: { ...sampling, temperature: 0 } });
  const ids = [...promptIds, ...(sample?.tokenIds ?? [])];
  const scores = await client.score({ model: "lab", ids, from: promptIds.length });
  expect(scores).toHaveLength(ids.length - promptIds.length);
  // Greedy tokens of a trained model are likelier than one of the vocabulary's hundreds by far.
  for (const value of scores) expect(value).toBeGreaterThan(Math.log(1 / 100));
  const later = await client.score({ model: "lab", ids, from: promptIds.length + 2 });
  expect([...later]).toEqual([...scores.slice(2)]);
});

test("a server that is full is waited for: every sample of many more requests than it has room for arrives once", async () => {
  const small = await startLabEngine("--max-queued", "8");
  const impatient = createInferenceClient({ baseUrl: small.url, limit: { initial: 64 }, retry: { tries: 100, baseMs: 20, capMs: 200 }, pollMs: 50 });
  try {
    const promptIds = await chat.prompt(messages);
    const all = await Promise.all(
      Array.from({ length: 16 }, (_, i) => impatient.complete({ model: "lab", promptIds, n: 4, seed: i * 10, sampling: { ...sampling, maxTokens: 24 } })),
    );
    expect(new Set(all.flat().map((s) => s.seed)).size).toBe(64);
    expect(impatient.load()).toMatchObject({ inFlight: 0, waiting: 0 });
  } finally {
    await impatient.close();
    await small.stop();
  }
}, 120_000);
