/** The embedded trainer as a program: a spec file in, events and checkpoints out, on the real lab model. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { generateProblems } from "@/server/core/lab/generate";
import { LAB_SOLVE } from "@/server/core/prompts/lab";
import { fillTemplate } from "@/server/core/prompts/template";
import { type TrainerEvent, type TrainerSpec, trainerEventSchema } from "@/server/core/training/spec";
import { loadChat } from "@/server/inference/chat";
import { readConfig, readWeights } from "@/workers/trainer/weights";

const LAB = path.resolve("workers/lab/model");
const folder = mkdtempSync(path.join(tmpdir(), "intervene-trainer-"));
const children = new Set<ChildProcess>();
const at = (name: string) => path.join(folder, name);

beforeAll(async () => {
  const chat = await loadChat(LAB);
  const rows: string[] = [];
  const prompts: string[] = [];
  for (const p of generateProblems({ n: 24, seed: 11, level: "hard" })) {
    const messages = [
      { role: "user" as const, content: fillTemplate(LAB_SOLVE.turns[0]?.text ?? "", { problem: p.problem }) },
    ];
    const prompt = await chat.prompt(messages, "");
    const whole = await chat.prompt(messages, p.referenceSolution);
    rows.push(JSON.stringify({ input_ids: whole, labels: whole.map((id, t) => (t < prompt.length ? -100 : id)) }));
    prompts.push(JSON.stringify({ id: p.id, prompt_ids: prompt, answer: p.answer }));
  }
  writeFileSync(at("rows.jsonl"), rows.join("\n"));
  writeFileSync(at("prompts.jsonl"), prompts.join("\n"));
});
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

const sft = (name: string, change: object = {}): object => ({
  version: 1,
  kind: "sft",
  model: LAB,
  output: at(name),
  events: path.join(at(name), "events.jsonl"),
  seed: 1,
  threads: 1,
  optimizer: { learningRate: 5e-5 },
  data: at("rows.jsonl"),
  epochs: 3,
  batchRows: 8,
  cutoff: 1024,
  ...change,
});

interface Ended {
  status: number | null;
  stderr: string;
  events: TrainerEvent[];
}

function eventsOf(spec: object): TrainerEvent[] {
  const { events } = spec as Partial<TrainerSpec>;
  if (events === undefined) return [];
  try {
    return readFileSync(events, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => trainerEventSchema.parse(JSON.parse(line)));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

/** Run the trainer; `when` is asked after every look at its events whether to end it with that signal. */
function run(spec: object, when?: (events: TrainerEvent[]) => NodeJS.Signals | undefined): Promise<Ended> {
  const file = at(`${Math.random().toString(36).slice(2)}.json`);
  writeFileSync(file, JSON.stringify(spec));
  const child = spawn(process.execPath, ["--import", "tsx", "workers/trainer/main.ts", file], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  children.add(child);
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const looking = setInterval(() => {
    const signal = when?.(eventsOf(spec));
    if (signal === undefined) return;
    clearInterval(looking);
    child.kill(signal);
  }, 50);
  return new Promise((resolve) =>
    child.on("exit", (status) => {
      clearInterval(looking);
      children.delete(child);
      resolve({ status, stderr, events: eventsOf(spec) });
    }),
  );
}

const losses = (events: readonly TrainerEvent[]) =>
  events.flatMap((e) => (e.event === "metrics" ? [[e.step, e.metrics.loss ?? Number.NaN] as const] : []));

async function weightsOf(name: string) {
  const config = await readConfig(LAB);
  return readWeights(path.join(at(name), "model"), config);
}

test("SFT lowers the loss of its rows, and leaves a model folder that is read again", {
  timeout: 120_000,
}, async () => {
  const { status, events } = await run(sft("sft"));
  expect(status).toBe(0);
  expect(events[0]).toMatchObject({ event: "begin", step: 0, steps: 9, note: "24 rows." });
  const loss = losses(events);
  expect(loss.map(([step]) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(loss.at(-1)?.[1]).toBeLessThan((loss[0]?.[1] ?? 0) - 0.5);
  expect(events.at(-1)).toMatchObject({ event: "done", step: 9 });
  expect((await weightsOf("sft")).size).toBeGreaterThan(40);
});

test("the loss on held-out rows is measured before, on the way and after, and changes nothing", { timeout: 240_000 }, async () => {
  // One batch holds every row, so a step's own loss is that of the weights before it.
  const whole = { batchRows: 24, epochs: 6, microBatchTokens: 2048 };
  const { status, events } = await run(sft("measured", { ...whole, heldOut: { data: at("rows.jsonl"), times: 3 } }));
  expect(status).toBe(0);
  expect(events[0]).toMatchObject({ event: "begin", note: "24 rows. 24 of other problems are held out." });
  const metrics = events.flatMap((e) => (e.event === "metrics" ? [e] : []));
  const held = new Map(metrics.flatMap((e) => (e.metrics.eval_loss === undefined ? [] : [[e.step, e.metrics.eval_loss] as const])));
  expect([...held.keys()]).toEqual([0, 2, 4, 6]);
  const loss = new Map(losses(events));
  for (const step of [0, 2, 4]) expect(Math.abs((held.get(step) ?? 0) - (loss.get(step + 1) ?? 9)), `step ${step}`).toBeLessThan(1e-4);
  expect(held.get(6)).toBeLessThan(held.get(0) ?? 0);
  const plain = await run(sft("unmeasured", whole));
  expect(plain.events.some((e) => e.event === "metrics" && (e.step === 0 || "eval_loss" in e.metrics))).toBe(false);
  const [a, b] = [await weightsOf("measured"), await weightsOf("unmeasured")];
  for (const [name, w] of b) expect(a.get(name), name).toEqual(w);
  // Measured or not, it is the same training: one that was stopped goes on either way.
  const again = await run(sft("unmeasured", { ...whole, heldOut: { data: at("rows.jsonl"), times: 3 } }));
  expect(again.events.filter((e) => e.event === "begin")[1]).toMatchObject({ step: 6 });
});

test("adapters are the Python trainer's: it says so", { timeout: 60_000 }, async () => {
  const { status, events } = await run(sft("lora", { lora: { rank: 4, alpha: 8 } }));
  expect([status, events.at(-1)]).toEqual([1, expect.objectContaining({ event: "error", message: expect.stringContaining("Python trainer trains adapters") })]);
});

test("stopped by SIGTERM and killed in the middle, it goes on from its checkpoint to the very same weights", {
  timeout: 240_000,
}, async () => {
  const spec = sft("stopped", { checkpointEvery: 2 });
  const afterStep = (n: number) => (events: TrainerEvent[]) => events.some((e) => e.event === "metrics" && e.step >= n);
  const first = await run(spec, (events) => (afterStep(1)(events) ? "SIGTERM" : undefined));
  expect(first.status).toBe(143);
  expect(first.events.at(-1)).toMatchObject({ event: "checkpoint" });
  const second = await run(spec, (events) => (afterStep(6)(events) ? "SIGKILL" : undefined));
  expect(second.status).toBeNull();
  const third = await run(spec);
  expect(third.status).toBe(0);
  const begins = third.events.flatMap((e) => (e.event === "begin" ? [e.step] : []));
  expect(begins[0]).toBe(0);
  expect(begins[1]).toBeGreaterThanOrEqual(1);
  expect(begins[2]).toBeGreaterThan(begins[1] ?? 0);
  const straight = await run(sft("straight"));
  expect(straight.status).toBe(0);
  const [stopped, whole] = [await weightsOf("stopped"), await weightsOf("straight")];
  for (const [name, w] of whole) expect(stopped.get(name), name).toEqual(w);
});

test("GRPO samples, grades with the project's grader and takes real steps", { timeout: 240_000 }, async () => {
  const spec = {
    ...sft("grpo"),
    kind: "grpo",
    data: at("prompts.jsonl"),
    optimizer: { learningRate: 1e-5, schedule: "constant", warmup: 0 },
    steps: 3,
    promptsPerStep: 6,
    samples: 8,
    updates: 2,
    sampling: { temperature: 1, topP: 1, topK: 0, minP: 0, maxTokens: 320 },
    endIds: [(await loadChat(LAB)).endIds[0]],
  };
  const { status, events, stderr } = await run(spec);
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const steps = events.flatMap((e) => (e.event === "metrics" ? [e.metrics] : []));
  expect(steps).toHaveLength(3);
  for (const m of steps) {
    expect(m.reward).toBeGreaterThanOrEqual(0);
    expect(m.reward).toBeLessThanOrEqual(1);
    expect(m.frac_zero_advantage).toBeGreaterThanOrEqual(m.frac_no_success ?? 1);
    expect(m["completions/mean_length"]).toBeGreaterThan(50);
  }
  // The lab model solves one in six: three steps without any success would be a defect of grading or sampling.
  expect(steps.some((m) => (m.reward ?? 0) > 0 && (m.grad_norm ?? 0) > 0)).toBe(true);
  const [before, after] = [await readWeights(LAB, await readConfig(LAB)), await weightsOf("grpo")];
  expect(after.get("model.norm.weight")).not.toEqual(before.get("model.norm.weight"));
});

test("a data file that cannot be trained on is refused with its line; a rate that explodes says so", {
  timeout: 120_000,
}, async () => {
  writeFileSync(
    at("bad.jsonl"),
    `${JSON.stringify({ input_ids: [1, 2], labels: [-100, 2] })}\n${JSON.stringify({ input_ids: [1, 2], labels: [-100, 3] })}\n`,
  );
  const bad = await run(sft("bad", { data: at("bad.jsonl") }));
  expect(bad.status).toBe(1);
  expect(bad.events.at(-1)).toMatchObject({
    event: "error",
    message: expect.stringContaining("line 2: label 3 at position 1"),
  });
  const wild = await run(sft("wild", { optimizer: { learningRate: 1e39, warmup: 0, maxGradNorm: 0 } }));
  expect(wild.status).toBe(1);
  expect(wild.events.at(-1)).toMatchObject({ event: "error", message: expect.stringContaining("learning rate") });
  const { status, stderr } = await run({ version: 1, kind: "sft" });
  expect(status).toBe(2);
  expect(stderr).toContain("model");
});
