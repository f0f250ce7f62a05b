/** Metrics forwarded to MLflow's REST interface, over real HTTP to a stand-in (support/mlflow-stand-in.ts). */
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { logMlflowPoints } from "@/server/trainers/mlflow";
import { Forward, type ForwardOptions } from "@/server/usecases/training/forward";
import { mlflowStandIn } from "./support/mlflow-stand-in";

const folder = mkdtempSync(path.join(tmpdir(), "intervene-mlflow-"));
let server: Awaited<ReturnType<typeof mlflowStandIn>>;
let count = 0;
let options: ForwardOptions;
const warnings: string[] = [];

beforeAll(async () => {
  server = await mlflowStandIn();
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  warnings.length = 0;
  options = {
    server: { url: server.url, token: undefined },
    experiment: "Intervene: s",
    training: `t${++count}`,
    name: "lab + RL",
    tags: { base: "lab" },
    params: { kind: "grpo", learningRate: "0.00004" },
    events: path.join(folder, `${count}.jsonl`),
    from: undefined,
    warn: (message) => warnings.push(message),
  };
});

/** A step as a trainer writes it. */
function step(n: number, metrics: Record<string, unknown> = { loss: 1 / n, "completions/mean_length": 100 + n }) {
  appendFileSync(options.events, `${JSON.stringify({ event: "metrics", at: new Date(1.7e12 + n).toISOString(), step: n, metrics })}\n`);
}
const mine = () => server.runs.filter((r) => r.tags.some((t) => t.value === options.training));
const stepsOf = (key: string) => [...(mine()[0]?.metrics.values() ?? [])].filter((m) => m.key === key).map((m) => m.step);
const sent = (steps: number[]) => vi.waitFor(() => expect(stepsOf("loss")).toEqual(steps), { timeout: 5_000 });

test("an experiment per study, a run per training: its parameters, every metric, and how it ended", async () => {
  step(1);
  const forward = new Forward(options);
  forward.tick();
  await sent([1]);
  step(2);
  step(3);
  await forward.end("FINISHED");
  expect(server.experiments).toEqual(["Intervene: s"]);
  const [run] = mine();
  expect(run).toMatchObject({ name: "lab + RL", status: "FINISHED", params: [{ key: "kind", value: "grpo" }, { key: "learningRate", value: "0.00004" }] });
  expect(stepsOf("loss")).toEqual([1, 2, 3]);
  expect([...(run?.metrics.values() ?? [])].find((m) => m.key === "completions/mean_length")).toEqual({ key: "completions/mean_length", value: 101, timestamp: 1.7e12 + 1, step: 1 });
});

test("a restart goes on in the same run, from where it stood; one that was not remembered is found by its tag", async () => {
  step(1);
  const first = new Forward(options);
  await first.end("KILLED");
  expect(first.state?.place).toBeGreaterThan(0);
  step(2);
  await new Forward({ ...options, from: first.state }).end("FINISHED");
  step(3);
  await new Forward(options).end("FINISHED");
  expect(mine()).toHaveLength(1);
  expect(stepsOf("loss")).toEqual([1, 2, 3]);
  expect(mine()[0]?.params).toHaveLength(2);
});

test("a server that is away never disturbs: it is said once, and what it missed is sent later", async () => {
  server.switches.away = true;
  step(1);
  const forward = new Forward(options);
  await forward.end("FAILED");
  await forward.end("FAILED");
  expect(warnings).toEqual([expect.stringContaining("does not answer")]);
  server.switches.away = false;
  step(2);
  await forward.end("FINISHED");
  expect(stepsOf("loss")).toEqual([1, 2]);
});

test("values that are no numbers are dropped, and many metrics go in batches of a thousand", async () => {
  step(1);
  const forward = new Forward(options);
  await forward.end("FINISHED");
  const before = server.requests.length;
  const points = Array.from({ length: 1500 }, (_, i) => ({ step: i + 2, at: new Date(1.7e12).toISOString(), values: { loss: i, bad: Number.NaN, worse: Number.POSITIVE_INFINITY } }));
  await logMlflowPoints(options.server, forward.state?.runId ?? "", points);
  expect(server.requests.slice(before)).toEqual(["runs/log-batch", "runs/log-batch"]);
  expect(stepsOf("loss")).toHaveLength(1501);
  expect([...(mine()[0]?.metrics.values() ?? [])].some((m) => m.key !== "loss" && m.key !== "completions/mean_length")).toBe(false);
});
