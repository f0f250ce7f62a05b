/** The embedded trainer's graph against PyTorch, finite differences and arithmetic done by hand. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { randomStream } from "@/server/core/seeds";
import { Network, type Weights } from "@/workers/trainer/graph/network";
import { type TrainableConfig, weightShapes } from "@/workers/trainer/graph/qwen3";
import { microBatches } from "@/workers/trainer/micro-batches";
import { readConfig, readWeights } from "@/workers/trainer/weights";

const LAB = "workers/lab/model";
const fixture = z
  .object({
    rows: z.array(z.array(z.number())),
    weights: z.array(z.array(z.number())),
    loss: z.number(),
    gradients: z.record(z.string(), z.object({ norm: z.number(), entries: z.array(z.number()) })),
  })
  .parse(JSON.parse(readFileSync("tests/trainer/fixtures/pytorch.json", "utf8")));

/** A network small enough for finite differences of every kind of weight; two query heads share a key head. */
const TINY: TrainableConfig = {
  model_type: "qwen3",
  vocab_size: 13,
  hidden_size: 8,
  intermediate_size: 12,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  head_dim: 4,
  rms_norm_eps: 1e-6,
  rope_theta: 100,
  max_position_embeddings: 32,
  tie_word_embeddings: false,
  attention_bias: false,
  rope_scaling: null,
  use_sliding_window: false,
};

function randomWeights(config: TrainableConfig): Weights {
  const next = randomStream(7);
  const weights: Weights = new Map();
  for (const [name, shape] of weightShapes(config)) {
    const size = shape.reduce((a, b) => a * b, 1);
    const around = name.includes("norm") ? 1 : 0;
    weights.set(
      name,
      Float32Array.from({ length: size }, () => around + (next() - 0.5) * 0.8),
    );
  }
  return weights;
}

describe("the lab model", () => {
  let network: Network;
  let weights: Weights;
  beforeAll(async () => {
    const config = await readConfig(LAB);
    network = new Network(config, 1);
    weights = await readWeights(LAB, config);
  });
  afterAll(() => network.close());
  const rows = fixture.rows.map((ids, r) => ({ ids, weights: fixture.weights[r] ?? [] }));

  test("the loss of a batch is PyTorch's within 1e-4, and so is every gradient", async () => {
    const gradients: Weights = new Map();
    const { loss } = await network.train(weights, rows, gradients);
    expect(Math.abs(loss - fixture.loss) / fixture.loss).toBeLessThan(1e-4);
    for (const [name, told] of Object.entries(fixture.gradients)) {
      const g = gradients.get(name) ?? new Float32Array();
      const norm = Math.sqrt(g.reduce((sum, x) => sum + x * x, 0));
      expect(Math.abs(norm - told.norm) / told.norm, name).toBeLessThan(1e-3);
      for (const [at, entry] of [0, Math.floor(g.length / 2), g.length - 1].entries())
        expect(Math.abs((g[entry] ?? 0) - (told.entries[at] ?? 0)), `${name}[${entry}]`).toBeLessThan(told.norm * 1e-3);
    }
  });

  test("rows padded to a longer one, and rows one by one, have the same loss, gradients and log-probabilities", async () => {
    const [together, apart]: [Weights, Weights] = [new Map(), new Map()];
    const both = await network.train(weights, rows, together);
    let loss = 0;
    for (const [r, row] of rows.entries()) {
      const alone = await network.train(weights, [row], apart);
      loss += alone.loss;
      for (const [t, p] of (alone.logprobs[0] ?? []).entries()) expect(both.logprobs[r]?.[t]).toBeCloseTo(p, 3);
    }
    expect(loss).toBeCloseTo(both.loss, 2);
    for (const [name, g] of together) {
      const other = apart.get(name) ?? new Float32Array();
      const norm = Math.sqrt(g.reduce((sum, x) => sum + x * x, 0));
      const distance = Math.sqrt(g.reduce((sum, x, i) => sum + (x - (other[i] ?? 0)) ** 2, 0));
      expect(distance / norm, name).toBeLessThan(1e-3);
    }
  });
});

describe("a tiny network with grouped heads and a head of its own", () => {
  const network = new Network(TINY, 1);
  const weights = randomWeights(TINY);
  afterAll(() => network.close());
  const plain = [
    { ids: [1, 5, 9, 2, 7, 7, 3], weights: [0, 0, 1, 0.5, 1, 2] },
    { ids: [4, 4, 12, 0], weights: [1, 1, 1] },
  ];

  /** The loss's slope along the gradient of one weight, by central differences, over what the gradient says it is. */
  async function slopes(
    lossOf: (weights: Weights) => Promise<number>,
    gradients: Weights,
  ): Promise<Map<string, number>> {
    const ratios = new Map<string, number>();
    for (const [name, g] of gradients) {
      const norm = Math.sqrt(g.reduce((sum, x) => sum + x * x, 0));
      const step = 3e-3 / norm;
      const moved = (sign: number) =>
        new Map(weights).set(
          name,
          (weights.get(name) ?? new Float32Array()).map((x, i) => x + sign * step * (g[i] ?? 0)),
        );
      ratios.set(name, ((await lossOf(moved(1))) - (await lossOf(moved(-1)))) / (2 * step * norm * norm));
    }
    return ratios;
  }

  test("the gradient of every weight is the slope of the likelihood", async () => {
    const gradients: Weights = new Map();
    await network.train(weights, plain, gradients);
    const ratios = await slopes(async (w) => (await network.train(w, plain, new Map())).loss, gradients);
    expect(ratios.size).toBe(weightShapes(TINY).size);
    for (const [name, ratio] of ratios) expect(Math.abs(ratio - 1), name).toBeLessThan(0.02);
  });

  test("the gradient of every weight is the slope of GRPO's clipped surrogate", async () => {
    const scored = await network.score(weights, plain);
    // Ratios inside and outside of the bounds, advantages of both signs, none at a kink.
    const rows = plain.map((row, r) => ({
      ...row,
      advantage: r === 0 ? 1.3 : -0.7,
      old: [...(scored.logprobs[r] ?? [])].map((p, t) => p + [0.05, -0.6, 0.4, -0.08, 0.6, -0.3][t % 6]!),
    }));
    const clip = { low: 0.2, high: 0.28 };
    const gradients: Weights = new Map();
    const result = await network.train(weights, rows, gradients, clip);
    let [loss, clipped] = [0, 0];
    for (const [r, row] of rows.entries()) {
      for (const [t, weight] of row.weights.entries()) {
        const ratio = Math.exp((scored.logprobs[r]?.[t] ?? 0) - (row.old[t] ?? 0));
        const held = Math.min(Math.max(ratio, 1 - clip.low), 1 + clip.high) * row.advantage;
        loss -= weight * Math.min(ratio * row.advantage, held);
        if (held < ratio * row.advantage) clipped += weight;
      }
    }
    expect(result.loss).toBeCloseTo(loss, 4);
    expect(result.clipped).toBeCloseTo(clipped, 5);
    expect(clipped).toBeGreaterThan(0);
    const ratios = await slopes(async (w) => (await network.train(w, rows, new Map(), clip)).loss, gradients);
    for (const [name, ratio] of ratios) expect(Math.abs(ratio - 1), name).toBeLessThan(0.02);
  });

  test("entropies are those of the distributions: never above ln of the vocabulary", async () => {
    const { entropies } = await network.score(weights, plain);
    for (const row of entropies) for (const h of row) expect(h).toBeGreaterThan(0);
    for (const row of entropies) for (const h of row) expect(h).toBeLessThan(Math.log(TINY.vocab_size));
  });
});

test("micro-batches hold every row once and no more positions than they may, padding included", () => {
  const rows = [3, 50, 7, 20, 20, 19, 1].map((length) => ({ ids: Array<number>(length).fill(0) }));
  const groups = microBatches(rows, 40);
  expect(
    groups
      .flat()
      .map((r) => r.ids.length)
      .sort((a, b) => a - b),
  ).toEqual([1, 3, 7, 19, 20, 20, 50]);
  for (const group of groups) {
    const padded = Math.max(...group.map((r) => r.ids.length)) * group.length;
    if (group.length > 1) expect(padded).toBeLessThanOrEqual(40);
  }
});
