import { readFile } from "node:fs/promises";
import { z } from "zod";
import { randomStream, sampleSeed } from "@/server/core/seeds";
import { learningRate } from "@/server/core/training/schedule";
import type { SftSpec } from "@/server/core/training/spec";
import { InterveneError } from "@/server/errors";
import type { TokenRow, Weights } from "./graph/network";
import { microBatches } from "./micro-batches";
import type { Training } from "./training";

const rowSchema = z.object({ input_ids: z.array(z.number().int().min(0)).min(1), labels: z.array(z.number().int()) });

/** A label that is not trained; PyTorch's and TRL's. */
const IGNORED = -100;

/**
 * Rows of a data file as they are trained: a weight of 1 for every label that is set, cut to `cutoff` tokens.
 * @throws InterveneError("bad_input") that names the line.
 */
export async function readRows(file: string, cutoff: number, vocabulary: number): Promise<{ rows: TokenRow[]; empty: number }> {
  const rows: TokenRow[] = [];
  let empty = 0;
  for (const [i, line] of (await readFile(file, "utf8")).split("\n").entries()) {
    if (line.trim() === "") continue;
    const bad = (why: string) => new InterveneError("bad_input", `${file}, line ${i + 1}: ${why}.`);
    const parsed = rowSchema.safeParse(parseJson(line));
    if (!parsed.success) throw bad("not an object {input_ids, labels} of whole numbers");
    const { input_ids: ids, labels } = parsed.data;
    if (labels.length !== ids.length) throw bad(`${ids.length} input_ids but ${labels.length} labels`);
    const outside = ids.find((id) => id >= vocabulary);
    if (outside !== undefined) throw bad(`token id ${outside} is outside the vocabulary of ${vocabulary}`);
    const wrong = labels.findIndex((label, t) => label !== IGNORED && label !== ids[t]);
    if (wrong >= 0) throw bad(`label ${labels[wrong]} at position ${wrong} is neither -100 nor the token itself`);
    const kept = ids.slice(0, cutoff);
    // Position t predicts token t + 1; the first token is never predicted.
    const weights = kept.slice(1).map((_, t) => (labels[t + 1] === IGNORED ? 0 : 1));
    if (weights.includes(1)) rows.push({ ids: kept, weights });
    else empty++;
  }
  if (rows.length === 0) throw new InterveneError("bad_input", `${file} has no row with a trained token.`);
  return { rows, empty };
}

/** Whether the loss on held-out rows is measured after a step: `times` times evenly over all, the last step among them, and before the first. */
export function isMeasured(step: number, steps: number, times: number): boolean {
  return step === 0 || Math.floor((step * times) / steps) > Math.floor(((step - 1) * times) / steps);
}

/** Mean negative log-likelihood (nats) of the trained tokens of rows under the weights as they are. */
export async function lossOf({ spec, network, state }: Training<SftSpec>, rows: readonly TokenRow[]): Promise<number> {
  let [sum, tokens] = [0, 0];
  for (const micro of microBatches(rows, spec.microBatchTokens)) {
    const { logprobs } = await network.score(state.weights, micro);
    for (const [r, row] of micro.entries())
      for (const [t, weight] of row.weights.entries()) {
        sum -= weight * (logprobs[r]?.[t] ?? 0);
        tokens += weight;
      }
  }
  return sum / tokens;
}

/** How many optimizer steps a spec makes of so many rows. */
export function sftSteps(spec: SftSpec, rows: number): number {
  return Math.max(1, Math.round((spec.epochs * rows) / spec.batchRows));
}

/**
 * One optimizer step: rows in an order that each epoch shuffles anew by the seed (so that a resumed training goes on with
 * the same rows), loss averaged over the step's trained tokens.
 */
export async function sftStep(
  training: Training<SftSpec>,
  rows: readonly TokenRow[],
  steps: number,
): Promise<Record<string, number>> {
  const { spec, network, state } = training;
  const batch = rowsOfStep(spec, rows, state.step);
  const tokens = batch.reduce((sum, row) => sum + row.weights.reduce((a, w) => a + w, 0), 0);
  const gradients: Weights = new Map();
  let [loss, entropy, seen] = [0, 0, 0];
  for (const micro of microBatches(batch, spec.microBatchTokens)) {
    const scaled = micro.map((row) => ({ ids: row.ids, weights: row.weights.map((w) => w / tokens) }));
    const result = await network.train(state.weights, scaled, gradients);
    loss += result.loss;
    for (const [r, row] of micro.entries()) {
      seen += row.ids.length;
      for (const [t, w] of row.weights.entries()) if (w > 0) entropy += result.entropies[r]?.[t] ?? 0;
    }
  }
  const rate = learningRate(spec.optimizer, state.step, steps);
  const norm = state.adam.step(state.weights, gradients, rate);
  training.tokens += seen;
  return {
    loss,
    entropy: entropy / tokens,
    grad_norm: norm,
    learning_rate: rate,
    num_tokens: training.tokens,
    epoch: ((state.step + 1) * spec.batchRows) / rows.length,
  };
}

function rowsOfStep(spec: SftSpec, rows: readonly TokenRow[], step: number): TokenRow[] {
  const first = step * spec.batchRows;
  return Array.from({ length: Math.min(spec.batchRows, rows.length) }, (_, i) => {
    const at = first + i;
    const order = shuffled(rows.length, spec.seed, Math.floor(at / rows.length));
    return rows[order[at % rows.length] ?? 0];
  }).filter((row): row is TokenRow => row !== undefined);
}

const orders = new Map<string, number[]>();

/** The order of an epoch: Fisher-Yates by a stream of its own. */
export function shuffled(count: number, seed: number, epoch: number): number[] {
  const key = `${count} ${seed} ${epoch}`;
  let order = orders.get(key);
  if (order === undefined) {
    const next = randomStream(sampleSeed(seed, "order", epoch));
    order = Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      const j = Math.floor(next() * (i + 1));
      [order[i], order[j]] = [order[j] as number, order[i] as number];
    }
    orders.set(key, order);
  }
  return order;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
