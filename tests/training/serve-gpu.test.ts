/** Trained models put into servers on GPUs: stand-ins for vLLM and SGLang in front of the real engine with a real model. */
import { cpSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { parseEnv } from "@/server/env";
import { createInferenceClient } from "@/server/inference/client";
import type { CompleteRequest, InferenceClient } from "@/server/inference/types";
import { ServedModels } from "@/server/usecases/served-models";
import { serveModel, type ServeOptions, servesAdapters } from "@/server/usecases/training/serve";
import { until } from "../pipeline/support/study";
import { LAB_FOLDER, sglangStandIn, vllmStandIn } from "./support/gpu-servers";
import { trainingSetup } from "./support/setup";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 300_000 });

let setup: Awaited<ReturnType<typeof trainingSetup>>;
/** What the worker's server is. */
let chained: Awaited<ReturnType<typeof sglangStandIn>>;
let home: string;
let trained: string;
let adapter: string;
let plain: InferenceClient;
let sglang: Awaited<ReturnType<typeof sglangStandIn>>;
let vllm: Awaited<ReturnType<typeof vllmStandIn>>;
const clients: InferenceClient[] = [];
let said: string[] = [];

beforeAll(async () => {
  vi.stubEnv("INFERENCE_SERVER", "sglang");
  setup = await trainingSetup("gpu", {
    inference: async (engineUrl) => {
      chained = await sglangStandIn(engineUrl);
      return chained.url;
    },
  });
  home = setup.home;
  trained = path.join(home, "models", "lab-RL-1");
  adapter = path.join(home, "models", "lab-LoRA-1");
  for (const folder of [trained, adapter]) cpSync(LAB_FOLDER, folder, { recursive: true });
  writeFileSync(path.join(adapter, "adapter_config.json"), '{"peft_type":"LORA","r":8}');
  plain = createInferenceClient({ baseUrl: setup.engine.url });
  clients.push(plain);
});
beforeEach(async () => {
  said = [];
  sglang = await sglangStandIn(setup.engine.url);
  vllm = await vllmStandIn(setup.engine.url);
  return async () => {
    await sglang.close();
    await vllm.close();
  };
});
afterAll(async () => {
  for (const client of clients) await client.close();
  await setup.close();
  await chained.close();
  vi.unstubAllEnvs();
});

const open = (kind: "vllm" | "sglang") => {
  const client = createInferenceClient({ baseUrl: kind === "vllm" ? vllm.url : sglang.url, server: kind, retry: { tries: 2, baseMs: 5 }, pollMs: 0 });
  clients.push(client);
  return client;
};
const request = (model: string, promptIds: readonly number[], n = 3): CompleteRequest => ({
  model,
  promptIds,
  n,
  seed: 40,
  sampling: { temperature: 1, topP: 0.95, topK: 0, minP: 0, maxTokens: 24 },
});
const free: ServeOptions["swap"] = { inUse: async () => "", alone: (work) => work() };
function serve(kind: "vllm" | "sglang", folder: string, o: Partial<ServeOptions> = {}) {
  const name = path.basename(folder);
  const models = new ServedModels(open(kind));
  return serveModel({
    env: { inferenceUrl: kind === "vllm" ? vllm.url : sglang.url, inferenceServer: kind, inferenceApiKey: undefined, serveHook: undefined },
    name,
    folder,
    served: () => models.get(name),
    swap: free,
    say: async (message) => void said.push(message),
    signal: new AbortController().signal,
    withinMs: 10_000,
    everyMs: 20,
    ...o,
  });
}

test("SGLang: what is sampled and scored is what the same model samples and scores by vLLM's wire format", async () => {
  const client = open("sglang");
  expect(await client.models()).toEqual([{ id: "lab", root: LAB_FOLDER, maxLength: 2048 }]);
  const { chat, folder, maxLength } = await new ServedModels(client).get("lab");
  expect([folder, maxLength]).toEqual([LAB_FOLDER, 2048]);
  const prompt = await chat.prompt([{ role: "user", content: "How many are 3 + 4?" }], "We add");
  const deltas: string[] = [];
  const samples = await client.complete({ ...request("lab", prompt), onDelta: (d) => deltas.push(`${d.index} ${d.text}`) });
  expect(samples).toEqual(await plain.complete(request("lab", prompt)));
  expect(deltas).toEqual(samples.map((s) => `${s.index} ${s.text}`));
  expect([...(await client.score({ model: "lab", ids: prompt, from: 2 }))]).toEqual([...(await plain.score({ model: "lab", ids: prompt, from: 2 }))]);
  expect(await client.detokenize("lab", prompt)).toBe(await plain.detokenize("lab", prompt));
});

test("SGLang: new weights are put in when it has room, answer under their name, and nobody samples the old ones by mistake", async () => {
  sglang.switches.full = 2;
  await serve("sglang", trained);
  expect(sglang.updates).toEqual(Array.from({ length: 3 }, () => ({ model_path: trained, weight_version: "lab-RL-1", flush_cache: true, abort_all_requests: false })));
  // An update renames what is served to its path.
  expect(sglang.held).toEqual({ path: trained, served: trained, version: "lab-RL-1" });
  const client = open("sglang");
  const [sample] = await client.complete(request("lab-RL-1", [1, 2, 3], 1));
  expect(sample?.tokenIds.length).toBeGreaterThan(0);
  const refused = { kind: "backend", message: expect.stringMatching(/holds the weights of "lab-RL-1" now, not those of "lab": it serves one model at a time/) };
  await expect(client.complete(request("lab", [1, 2, 3]))).rejects.toMatchObject(refused);
  await expect(client.score({ model: "lab", ids: [1, 2, 3], from: 1 })).rejects.toMatchObject(refused);
});

test("SGLang: samples that were under way are finished first; weights that slip in between are noticed", async () => {
  sglang.switches.slow = 300;
  const client = open("sglang");
  const under = client.complete(request("lab", [1, 2, 3]));
  await vi.waitFor(() => expect(sglang.sampling()).toBe(1), { timeout: 20_000, interval: 10 });
  const [samples] = await Promise.all([under, serve("sglang", trained)]);
  expect(samples).toHaveLength(3);
  sglang.switches.slipsIn = true;
  await expect(client.complete(request("lab-RL-1", [1, 2, 3]))).rejects.toMatchObject({ kind: "backend", message: expect.stringMatching(/was given other weights.*thrown away/) });
});

test("SGLang: while others still sample the weights that it holds, they stay; a cancelled run waits no longer", async () => {
  let left = 3;
  await serve("sglang", trained, { swap: { ...free, inUse: async () => (left-- > 0 ? '"lab" of study "s" has 7 items to sample.' : "") } });
  expect(said).toContain('Waiting to put "lab-RL-1" into the inference server: "lab" of study "s" has 7 items to sample.');
  expect(sglang.updates).toHaveLength(1);
  const cancel = new AbortController();
  setTimeout(() => cancel.abort(new Error("cancelled")), 100);
  await expect(serve("sglang", trained, { swap: { ...free, inUse: async () => "busy" }, signal: cancel.signal })).rejects.toThrow();
  sglang.switches.full = 1e6;
  const again = new AbortController();
  setTimeout(() => again.abort(new Error("cancelled")), 100);
  await expect(serve("sglang", trained, { signal: again.signal })).rejects.toThrow("cancelled");
});

test("SGLang: what it says when it cannot is told, and what it had stays", async () => {
  const gone = path.join(home, "models", "nothing");
  await expect(serve("sglang", gone)).rejects.toMatchObject({ kind: "backend", message: expect.stringMatching(/status 400: Failed to get weights iterator.*has to see that folder under the same path/) });
  sglang.switches.refuses = true;
  await expect(serve("sglang", trained)).rejects.toMatchObject({ message: expect.stringMatching(/size of tensor a.*Rolling back to original weights/) });
  expect(sglang.held.version).toBe("default");
  sglang.switches.full = 1e6;
  await expect(serve("sglang", trained, { withinMs: 200 })).rejects.toMatchObject({ kind: "unavailable", message: expect.stringMatching(/not taken the model within 0 s \(status 503: The request queue is full\.\)/) });
  // A server that is no SGLang is told apart.
  const wrong = createInferenceClient({ baseUrl: setup.engine.url, server: "sglang" });
  clients.push(wrong);
  await expect(wrong.models()).rejects.toMatchObject({ message: expect.stringMatching(/no \/get_model_info, so it is no SGLang server/) });
});

test("vLLM: an adapter is loaded under its new name, once, and has its base model's context", async () => {
  vllm.switches.full = 1;
  await serve("vllm", adapter);
  expect(vllm.loads).toEqual(Array.from({ length: 2 }, () => ({ lora_name: "lab-LoRA-1", lora_path: adapter })));
  const client = open("vllm");
  expect((await client.models()).map((m) => [m.id, m.root, m.maxLength])).toEqual([["lab", LAB_FOLDER, 2048], ["lab-LoRA-1", adapter, 2048]]);
  expect(await client.complete(request("lab-LoRA-1", [1, 2, 3]))).toHaveLength(3);
  // Not a whole model, from which the next training could start.
  expect(await new ServedModels(client).folder("lab-LoRA-1")).toBeNull();
  // The worker was killed before it could say so: the name is taken, and that is as well.
  await serve("vllm", adapter);
});

test("vLLM: what is missing is said; a whole model needs the hook or the embedded engine", async () => {
  vllm.switches.refuses = true;
  await expect(serve("vllm", adapter)).rejects.toMatchObject({ message: expect.stringMatching(/could not load the adapter "lab-LoRA-1" \(status 400: LoRA rank 64/) });
  vllm.switches.refuses = false;
  vllm.switches.allowed = false;
  await expect(serve("vllm", adapter)).rejects.toMatchObject({ message: expect.stringMatching(/status 404: Not Found.*--enable-lora.*VLLM_ALLOW_RUNTIME_LORA_UPDATING=1/) });
  vllm.loads.length = 0;
  await serve("vllm", trained);
  expect(vllm.loads).toEqual([]);
  const seen = path.join(home, "seen");
  await serve("vllm", adapter, {
    env: { inferenceUrl: vllm.url, inferenceServer: "vllm", inferenceApiKey: undefined, serveHook: `echo "$MODEL_NAME" > '${seen}'; false` },
  }).catch((error: unknown) => expect(error).toMatchObject({ message: expect.stringMatching(/SERVE_HOOK .* status 1/) }));
  expect(vllm.loads).toEqual([]);
});

test("who serves adapters as they are: a vLLM that was started to load them; all others are given whole models", async () => {
  const asked = (env: Partial<ServeOptions["env"]>) =>
    servesAdapters({ inferenceUrl: vllm.url, inferenceServer: "vllm", inferenceApiKey: undefined, serveHook: undefined, ...env }, new AbortController().signal);
  expect(await asked({})).toBe(true);
  expect(vllm.loads).toEqual([]);
  vllm.switches.allowed = false;
  expect(await asked({})).toBe(false);
  vllm.switches.allowed = true;
  expect(await asked({ serveHook: "true" })).toBe(false);
  expect(await asked({ inferenceUrl: sglang.url, inferenceServer: "sglang" })).toBe(false);
  // The embedded engine.
  expect(await asked({ inferenceUrl: setup.engine.url })).toBe(false);
  await expect(asked({ inferenceUrl: "http://127.0.0.1:9" })).rejects.toMatchObject({ kind: "unavailable", message: expect.stringContaining("does not say whether it loads adapters") });
});

test("a whole chain on SGLang: trained here, put into the server, evaluated there; the base model is refused from then on", async () => {
  const { deps, start, trainingOf } = setup;
  const over = (pipelineId: string) => until(deps, pipelineId, "the chain", (all) => all.every((r) => r.state !== "queued" && r.state !== "running"), 200_000);
  const { pipelineId, runIds } = await start({ dataset: "references", evaluate: ["test"], samples: 2 });
  // An evaluation of the base model, asked for while the training runs, keeps the base model's weights there until it is done.
  const first = await start({ evaluate: ["train"], samples: 1 });
  expect((await over(pipelineId)).map((r) => [r.stage, r.state, r.done, r.message])).toEqual([["sft", "done", 2, ""], ["rollout", "done", 16, ""], ["grade", "done", 16, ""]]);
  expect((await over(first.pipelineId)).map((r) => [r.state, r.message])).toEqual([["done", ""], ["done", ""]]);
  const { modelId } = await trainingOf(runIds[0]);
  const model = await deps.prisma.model.findUniqueOrThrow({ where: { id: modelId ?? "" } });
  expect(chained.held).toMatchObject({ path: path.join(home, "models", model.servedName), version: model.servedName });
  expect(await deps.prisma.attempt.count({ where: { modelId, run: { pipelineId } } })).toBe(16);

  // The base model is not there any more: it can be trained again, from its folder, but not sampled.
  const base = await start({ evaluate: ["test"], samples: 1, maxProblems: 1 });
  const [rollout] = await over(base.pipelineId);
  expect(rollout?.state).toBe("failed");
  const [item] = await deps.prisma.workItem.findMany({ where: { runId: rollout?.id ?? "" } });
  expect(item?.error).toMatch(/now, not those of "lab"|does not serve a model named "lab"/);
  const before = chained.updates.length;
  const again = await start({ dataset: "references", rl: { problemSet: "train" }, change: { sft: { epochs: 0.5, batchRows: 4 }, rl: { steps: 1, promptsPerStep: 2, samples: 2 } } });
  expect((await over(again.pipelineId)).map((r) => [r.state, r.message])).toEqual([["done", ""], ["done", ""]]);
  // The model in between is the next training's alone: the server was not asked to hold it.
  expect(chained.updates.length - before).toBe(1);
  expect(chained.held.version).toMatch(/-RL-/);
});

test("settings: which server it is", () => {
  expect(parseEnv({}).inferenceServer).toBe("vllm");
  expect(parseEnv({ INFERENCE_SERVER: "sglang", INFERENCE_URL: "http://gpu:30000" }).inferenceServer).toBe("sglang");
  expect(() => parseEnv({ INFERENCE_SERVER: "tgi" })).toThrow(/INFERENCE_SERVER="tgi": must be "vllm" or "sglang"/);
  expect(() => parseEnv({ INFERENCE_SERVER: "sglang" })).toThrow(/set INFERENCE_URL/);
});
