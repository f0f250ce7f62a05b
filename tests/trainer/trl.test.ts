/** The Python trainer as a program: the same spec, events and checkpoints as the embedded one, on the real lab model. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { Skipped } from "@/server/core/exporting/format";
import { trlTokenised } from "@/server/core/exporting/formats/trl-tokenised";
import { generateProblems } from "@/server/core/lab/generate";
import { LAB_SOLVE } from "@/server/core/prompts/lab";
import { fillTemplate } from "@/server/core/prompts/template";
import { type TrainerEvent, trainerEventSchema } from "@/server/core/training/spec";
import { type LocalChat, loadChat } from "@/server/inference/chat";
import { encoderOf } from "@/server/usecases/exports/encoder";
import { readConfig, readWeights } from "@/workers/trainer/weights";
import { pythonWith } from "../export/support/python";
import { adapterConfig, mergedWeights, readAdapter } from "../training/support/adapter";

// Importing torch takes half a minute on a machine that is busy.
vi.setConfig({ testTimeout: 400_000 });

const PYTHON = pythonWith("trl", "torch", "peft");
const LAB = path.resolve("workers/lab/model");
const folder = mkdtempSync(path.join(tmpdir(), "intervene-trl-"));
const children = new Set<ChildProcess>();
const at = (name: string) => path.join(folder, name);
let chat: LocalChat;

beforeAll(async () => {
  chat = await loadChat(LAB);
  const [rows, prompts]: [string[], string[]] = [[], []];
  for (const p of generateProblems({ n: 6, seed: 11, level: "hard" })) {
    const prompt = fillTemplate(LAB_SOLVE.turns[0]?.text ?? "", { problem: p.problem });
    // The first half of a solution, as an intervention ends: in the middle, and not at a turn's end.
    const completion = p.referenceSolution.slice(0, Math.ceil(p.referenceSolution.length / 2)).trimEnd();
    const row = await trlTokenised.row({ ordinal: 0, problemKey: p.id, answer: p.answer, prompt, completion, ends: false }, { encoder: encoderOf(chat), name: "n" });
    if (row instanceof Skipped) throw new Error(row.reason);
    rows.push(JSON.stringify({ input_ids: [...(row.input_ids as Int32Array)], labels: [...(row.labels as Int32Array)] }));
    prompts.push(JSON.stringify({ id: p.id, prompt_ids: await chat.prompt([{ role: "user", content: prompt }], ""), answer: p.answer }));
  }
  writeFileSync(at("rows.jsonl"), rows.join("\n"));
  writeFileSync(at("prompts.jsonl"), prompts.join("\n"));
});
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

const optimizer = { learningRate: 5e-5, schedule: "cosine", warmup: 0.1, floor: 0.1, beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: 0, maxGradNorm: 1 };
const common = (name: string) => ({
  version: 1,
  model: LAB,
  output: at(name),
  events: path.join(at(name), "events.jsonl"),
  seed: 1,
  threads: 1,
  optimizer,
  checkpointEvery: 2,
  microBatchTokens: 1024,
});
/** Batches run over the ends of epochs, and are computed in pieces. */
const sft = (name: string) => ({ ...common(name), kind: "sft", data: at("rows.jsonl"), epochs: 4, batchRows: 4, cutoff: 1024 });
const grpo = (name: string) => ({
  ...common(name),
  kind: "grpo",
  data: at("prompts.jsonl"),
  optimizer: { ...optimizer, schedule: "constant", warmup: 0 },
  steps: 2,
  promptsPerStep: 3,
  samples: 4,
  sampling: { temperature: 1, topP: 1, topK: 0, minP: 0, maxTokens: 200 },
  endIds: [...chat.endIds],
  updates: 2,
  clipLow: 0.2,
  clipHigh: 0.2,
  scaleRewards: true,
  bareAnswers: false,
});

function eventsOf(spec: { events: string }): TrainerEvent[] {
  let text = "";
  try {
    text = readFileSync(spec.events, "utf8");
  } catch {
    return []; // it has not begun
  }
  return text.split("\n").filter(Boolean).map((line) => trainerEventSchema.parse(JSON.parse(line)));
}

async function run(command: readonly string[], spec: { events: string }, when?: (events: TrainerEvent[]) => boolean) {
  const file = at(`${Math.random().toString(36).slice(2)}.json`);
  writeFileSync(file, JSON.stringify(spec));
  const [program = "", ...args] = command;
  const child = spawn(program, [...args, file, ...(program === PYTHON ? ["--node", process.execPath] : [])], { stdio: ["ignore", "ignore", "pipe"] });
  children.add(child);
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const looking = setInterval(() => {
    if (!when?.(eventsOf(spec))) return;
    clearInterval(looking);
    child.kill("SIGTERM");
  }, 20);
  const status = await new Promise<number | null>((resolve) => child.on("exit", resolve));
  clearInterval(looking);
  children.delete(child);
  return { status, stderr, events: eventsOf(spec) };
}

const trl = (spec: { events: string; [key: string]: unknown }, when?: (events: TrainerEvent[]) => boolean) =>
  run([PYTHON ?? "", path.resolve("workers/trainer/trl/train.py")], spec, when);
const embedded = (spec: { events: string }) => run([process.execPath, "--import", "tsx", "workers/trainer/main.ts"], spec);
const losses = (events: readonly TrainerEvent[]) =>
  new Map(events.flatMap((e) => (e.event === "metrics" ? [[e.step, e.metrics.loss ?? Number.NaN] as const] : [])));
const weightsOf = async (name: string) => readWeights(path.join(at(name), "model"), await readConfig(LAB));

test("what is trained, decoded: nothing of the prompt, and no end of turn after an intervention", async () => {
  for (const line of readFileSync(at("rows.jsonl"), "utf8").split("\n")) {
    const { input_ids: ids, labels } = JSON.parse(line) as { input_ids: number[]; labels: number[] };
    const trained = labels.filter((l) => l !== -100);
    expect(chat.endIds).not.toContain(trained.at(-1));
    expect(await chat.decode(trained)).not.toMatch(/<\|im_|user|assistant/);
    expect(await chat.decode(ids.slice(0, ids.length - trained.length))).toMatch(/<\|im_start\|>assistant\n$/);
  }
});

describe.skipIf(PYTHON === null)("the TRL trainer", () => {
  test("SFT: every step's loss is the embedded trainer's, and so are the weights at the end; stopped, it goes on", async () => {
    const other = await embedded(sft("embedded"));
    expect(other.status).toBe(0);
    const first = await trl(sft("trl"), (events) => losses(events).size >= 1);
    expect([first.status, first.stderr.includes("Traceback")]).toEqual([143, false]);
    const stopped = first.events.at(-1);
    expect(stopped).toMatchObject({ event: "checkpoint" });
    expect(losses(first.events).size).toBeLessThan(6);
    const { status, events } = await trl(sft("trl"));
    expect(status).toBe(0);
    expect(events[0]).toMatchObject({ event: "begin", step: 0, steps: 6, note: "6 rows." });
    expect(events.filter((e) => e.event === "begin")[1]).toMatchObject({ step: stopped?.event === "checkpoint" ? stopped.step : 0, note: expect.stringContaining("Resumed from step") });
    expect(events.at(-1)).toMatchObject({ event: "done", step: 6 });
    const [mine, theirs] = [losses(events), losses(other.events)];
    expect([...mine.keys()]).toEqual([1, 2, 3, 4, 5, 6]);
    for (const [step, loss] of theirs) expect(Math.abs((mine.get(step) ?? 0) - loss), `step ${step}`).toBeLessThan(1e-3);

    const [a, b] = [await weightsOf("trl"), await weightsOf("embedded")];
    for (const [name, w] of b) {
      const v = a.get(name);
      expect(v?.length, name).toBe(w.length);
      const apart = w.reduce((most, x, i) => Math.max(most, Math.abs(x - (v?.[i] ?? 0))), 0);
      expect(apart, name).toBeLessThan(1e-4);
    }
    // The same folder of the same files: either can be served, or trained on.
    expect(readdirSync(path.join(at("trl"), "model")).sort()).toEqual(readdirSync(path.join(at("embedded"), "model")).sort());
  });

  test("GRPO: samples graded by the project's grader, real steps, every metric of the page", async () => {
    const { status, events, stderr } = await trl(grpo("grpo"));
    expect(status, stderr).toBe(0);
    const steps = events.flatMap((e) => (e.event === "metrics" ? [e.metrics] : []));
    expect(steps).toHaveLength(2);
    for (const m of steps) {
      expect(m.reward).toBeGreaterThanOrEqual(0);
      expect(m.reward).toBeLessThanOrEqual(1);
      expect(m.frac_zero_advantage).toBeGreaterThanOrEqual(m.frac_no_success ?? 1);
      expect(m["completions/mean_length"]).toBeGreaterThan(50);
      for (const name of ["loss", "entropy", "clip_ratio", "reward_std", "grad_norm", "learning_rate", "num_tokens", "completions/clipped_ratio"])
        expect(m[name], name).toBeTypeOf("number");
    }
    expect(events.at(-1)).toMatchObject({ event: "done", step: 2 });
    expect((await weightsOf("grpo")).size).toBeGreaterThan(40);
  });

  test("the loss on held-out rows is the embedded trainer's", async () => {
    const measured = (name: string) => ({ ...sft(name), epochs: 1.5, heldOut: { data: at("rows.jsonl"), times: 10 } });
    const [mine, other] = [await trl(measured("held")), await embedded(measured("held-embedded"))];
    expect([mine.status, other.status]).toEqual([0, 0]);
    expect(mine.events[0]).toMatchObject({ note: "6 rows. 6 of other problems are held out." });
    const held = (events: readonly TrainerEvent[]) => events.flatMap((e) => (e.event === "metrics" && "eval_loss" in e.metrics ? [[e.step, e.metrics.eval_loss ?? 0] as const] : []));
    const [a, b] = [held(mine.events), held(other.events)];
    expect(a.map(([step]) => step)).toEqual([0, 1, 2]);
    for (const [i, [step, loss]] of b.entries()) expect(Math.abs((a[i]?.[1] ?? 0) - loss), `step ${step}`).toBeLessThan(1e-3);
  });

  test("LoRA: adapters alone are trained, stopped and resumed, gone on with by RL, and added to the base where that is asked for", async () => {
    const lora = { rank: 4, alpha: 8 };
    const spec = { ...sft("lora"), optimizer: { ...optimizer, learningRate: 5e-4 }, lora };
    const stopped = await trl(spec, (events) => losses(events).size >= 1);
    expect([stopped.status, stopped.stderr.includes("Traceback")]).toEqual([143, false]);
    const { status, events } = await trl(spec);
    expect(status).toBe(0);
    expect(events.filter((e) => e.event === "begin")[1]).toMatchObject({ note: expect.stringContaining("Resumed from step") });
    const loss = losses(events);
    expect(loss.get(6)).toBeLessThan(loss.get(1) ?? 0);

    const adapter = path.join(at("lora"), "model");
    const files = readdirSync(adapter);
    for (const name of ["adapter_config.json", "adapter_model.safetensors", "tokenizer.json", "generation_config.json"]) expect(files).toContain(name);
    for (const name of ["config.json", "model.safetensors", "optimizer.pt"]) expect(files).not.toContain(name);
    expect(adapterConfig(adapter)).toEqual({ r: 4, lora_alpha: 8, base_model_name_or_path: LAB });
    // Every linear layer of every block, and something was learned in each.
    const parts = await readAdapter(adapter);
    expect(parts.size).toBe(4 * 7);
    for (const [name, { b }] of parts) expect(b.some((x) => x !== 0), name).toBe(true);

    const merged = await trl({ ...spec, output: at("merged"), events: path.join(at("merged"), "events.jsonl"), merge: true });
    expect(merged.status).toBe(0);
    const [whole, byHand] = [await weightsOf("merged"), await mergedWeights(adapter)];
    expect(whole.size).toBe(byHand.size);
    for (const [name, w] of byHand) {
      const v = whole.get(name);
      const apart = w.reduce((most, x, i) => Math.max(most, Math.abs(x - (v?.[i] ?? 9))), 0);
      expect(apart, name).toBeLessThan(1e-4);
    }
    expect(readdirSync(path.join(at("merged"), "model"))).toContain("config.json");

    // RL goes on with the same adapter, on the same base model.
    const rl = await trl({ ...grpo("lora-rl"), model: adapter, lora, optimizer: { ...optimizer, schedule: "constant", warmup: 0, learningRate: 1e-3 } });
    expect(rl.status).toBe(0);
    const after = path.join(at("lora-rl"), "model");
    expect(adapterConfig(after)).toEqual({ r: 4, lora_alpha: 8, base_model_name_or_path: LAB });
    const steps = rl.events.flatMap((e) => (e.event === "metrics" ? [e.metrics] : []));
    expect(steps).toHaveLength(2);
    if (steps.some((m) => (m.frac_zero_advantage ?? 1) < 1)) {
      const moved = await readAdapter(after);
      expect([...parts].some(([name, { b }]) => b.some((x, i) => x !== moved.get(name)?.b[i]))).toBe(true);
    }
  });

  test("what cannot be trained on is refused with its line; a rate that explodes says so", async () => {
    writeFileSync(at("bad.jsonl"), `${JSON.stringify({ input_ids: [1, 2], labels: [-100, 2] })}\n${JSON.stringify({ input_ids: [1, 2], labels: [-100, 3] })}\n`);
    const badSpec = { ...sft("bad"), data: at("bad.jsonl") };
    const bad = await trl(badSpec);
    expect(bad.status).toBe(1);
    expect(bad.events.at(-1)).toMatchObject({ event: "error", message: expect.stringContaining("line 2: label 3 at position 1") });
    const wildSpec = { ...sft("wild"), optimizer: { ...optimizer, learningRate: 1e39, warmup: 0, maxGradNorm: 0 } };
    const wild = await trl(wildSpec);
    expect(wild.status).toBe(1);
    expect(wild.events.at(-1)).toMatchObject({ event: "error", message: expect.stringContaining("learning rate") });
  });
});

test("the grader's program answers in order, and says what it cannot grade", async () => {
  const child = spawn(process.execPath, ["--import", "tsx", "workers/trainer/reward.ts"], { stdio: ["pipe", "pipe", "inherit"] });
  children.add(child);
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  const ask = (text: string, answer: string, bare = false) => `${JSON.stringify({ text, answer, finish_reason: "stop", bare })}\n`;
  child.stdin.end([ask("so \\boxed{\\frac{2}{4}}", "\\frac{1}{2}"), ask("\\boxed{3}", "4"), "no json\n", ask("7", "7"), ask("7", "7", true)].join(""));
  await new Promise((resolve) => child.on("exit", resolve));
  children.delete(child);
  const [half, wrong, bad, unboxed, bare] = out.trim().split("\n").map((line) => JSON.parse(line) as { reward?: number; error?: string });
  expect([half?.reward, wrong?.reward, unboxed?.reward, bare?.reward]).toEqual([1, 0, 0, 1]);
  expect(bad?.error).toBeTypeOf("string");
});
