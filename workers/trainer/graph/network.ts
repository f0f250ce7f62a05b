import { InferenceSession, Tensor } from "onnxruntime-node";
import { buildGraph, type Objective, type TrainableConfig, weightShapes } from "./qwen3";

/** Weights (or gradients, or moments) by name, row-major. */
export type Weights = Map<string, Float32Array>;

/** Rows of token ids with what is trained on them. */
export interface TokenRow {
  ids: readonly number[];
  /**
   * One for each id but the first: the weight of predicting it; 0 for what is given (the prompt).
   */
  weights: readonly number[];
}

/** A row of GRPO: its advantage, and the log-probabilities (one for each id but the first) it was sampled with. */
export interface PolicyRow extends TokenRow {
  advantage: number;
  old: readonly number[];
}

export interface TokenValues {
  /** Natural-log probability of each id but the first, for each row. */
  logprobs: Float32Array[];
  /** Entropy (nats) of the distribution that each id but the first was drawn from, for each row. */
  entropies: Float32Array[];
}

export interface LossAndGradients extends TokenValues {
  /** Sum over the rows. */
  loss: number;
  /** Sum of the weights whose ratio was clipped (PolicyRow alone). */
  clipped: number;
}

/** Added to a score that lies in the future; e^-1e4 is 0 in float32. */
const HIDDEN = -1e4;

/** The network of one configuration, compiled once for each objective. */
export class Network {
  private readonly sessions = new Map<Objective, Promise<InferenceSession>>();
  private readonly tables = new Map<number, Record<"cos" | "sin" | "mask", Tensor>>();
  private readonly shapes: Map<string, number[]>;

  /** @param threads cores to compute on. */
  constructor(
    readonly config: TrainableConfig,
    private readonly threads: number,
  ) {
    this.shapes = weightShapes(config);
  }

  /** Log-probabilities and entropies of given rows, without gradients. */
  async score(weights: Weights, rows: readonly TokenRow[]): Promise<TokenValues> {
    const batch = this.batch(rows);
    const result = await (await this.session("none")).run({ ...batch.feeds, ...this.weightTensors(weights) });
    return valuesOf(result, batch);
  }

  /**
   * Loss and gradients of one micro-batch. Gradients are added to `gradients`, so that micro-batches add up.
   * @param clip the lower and upper bound of the ratio around 1, for rows with an advantage.
   */
  async train(
    weights: Weights,
    rows: readonly TokenRow[] | readonly PolicyRow[],
    gradients: Weights,
    clip?: { low: number; high: number },
  ): Promise<LossAndGradients> {
    const batch = this.batch(rows);
    const feeds: Record<string, Tensor> = { ...batch.feeds, ...this.weightTensors(weights) };
    const perToken = (of: (row: TokenRow | PolicyRow, position: number) => number) => {
      const data = new Float32Array(rows.length * batch.time);
      for (const [r, row] of rows.entries())
        for (let t = 0; t + 1 < row.ids.length; t++) data[r * batch.time + t] = of(row, t);
      return new Tensor("float32", data, [data.length]);
    };
    feeds.weight = perToken((row, t) => row.weights[t] ?? 0);
    if (clip !== undefined) {
      feeds.advantage = perToken((row) => ("advantage" in row ? row.advantage : 0));
      feeds.old = perToken((row, t) => ("old" in row ? (row.old[t] ?? 0) : 0));
      feeds.low = new Tensor("float32", Float32Array.of(clip.low), []);
      feeds.high = new Tensor("float32", Float32Array.of(clip.high), []);
    }
    const result = await (await this.session(clip === undefined ? "likelihood" : "clipped")).run(feeds);
    for (const name of weights.keys()) addInto(gradients, name, floats(result[`d ${name}`]));
    return {
      ...valuesOf(result, batch),
      loss: floats(result.loss)[0] ?? Number.NaN,
      clipped: clip === undefined ? 0 : (floats(result.clipped)[0] ?? 0),
    };
  }

  async close(): Promise<void> {
    for (const session of this.sessions.values()) await (await session).release();
  }

  private session(objective: Objective): Promise<InferenceSession> {
    let session = this.sessions.get(objective);
    if (session === undefined) {
      session = InferenceSession.create(buildGraph(this.config, objective), {
        executionProviders: ["cpu"],
        intraOpNumThreads: this.threads,
        interOpNumThreads: 1,
        executionMode: "sequential",
        // Batches differ in length: keeping the arena's largest ever size is what would grow.
        enableMemPattern: false,
        logSeverityLevel: 3,
      });
      this.sessions.set(objective, session);
    }
    return session;
  }

  private weightTensors(weights: Weights): Record<string, Tensor> {
    const feeds: Record<string, Tensor> = {};
    for (const [name, data] of weights) {
      const shape = this.shapes.get(name);
      if (shape === undefined) throw new Error(`the network has no weight ${name}`);
      feeds[name] = new Tensor("float32", data, shape);
    }
    return feeds;
  }

  private batch(rows: readonly TokenRow[]): Batch {
    // The last id of a row is only ever a target.
    const time = Math.max(1, ...rows.map((row) => row.ids.length - 1));
    const c = this.config;
    if (time > c.max_position_embeddings)
      throw new RangeError(`a row has ${time} positions; the model has ${c.max_position_embeddings}`);
    const ids = new BigInt64Array(rows.length * time);
    const targets = new BigInt64Array(rows.length * time);
    for (const [r, row] of rows.entries()) {
      for (let t = 0; t + 1 < row.ids.length; t++) {
        ids[r * time + t] = BigInt(row.ids[t] ?? 0);
        targets[r * time + t] = BigInt(row.ids[t + 1] ?? 0);
      }
    }
    const shape = (heads: number) => integers([rows.length, time, heads, c.head_dim]);
    return {
      time,
      lengths: rows.map((row) => row.ids.length - 1),
      feeds: {
        ids: new Tensor("int64", ids, [ids.length]),
        targets: new Tensor("int64", targets, [targets.length]),
        ...this.tablesOf(time),
        query_shape: shape(c.num_attention_heads),
        key_shape: shape(c.num_key_value_heads),
      },
    };
  }

  private tablesOf(time: number): Record<"cos" | "sin" | "mask", Tensor> {
    let tables = this.tables.get(time);
    if (tables !== undefined) return tables;
    const dim = this.config.head_dim;
    const [cos, sin] = [new Float32Array(time * dim), new Float32Array(time * dim)];
    for (let t = 0; t < time; t++) {
      for (let i = 0; i < dim / 2; i++) {
        const angle = t * this.config.rope_theta ** ((-2 * i) / dim);
        for (const at of [i, i + dim / 2]) {
          cos[t * dim + at] = Math.cos(angle);
          sin[t * dim + at] = Math.sin(angle);
        }
      }
    }
    const mask = new Float32Array(time * time);
    for (let t = 0; t < time; t++) mask.fill(HIDDEN, t * time + t + 1, (t + 1) * time);
    tables = {
      cos: new Tensor("float32", cos, [time, dim]),
      sin: new Tensor("float32", sin, [time, dim]),
      mask: new Tensor("float32", mask, [time, time]),
    };
    this.tables.set(time, tables);
    return tables;
  }
}

interface Batch {
  feeds: Record<string, Tensor>;
  /** Positions of the longest row. */
  time: number;
  /** Predicted tokens of each row. */
  lengths: number[];
}

function valuesOf(result: InferenceSession.ReturnType, { time, lengths }: Batch): TokenValues {
  const [logp, entropy] = [floats(result.logp), floats(result.entropy)];
  const rows = (of: Float32Array) => lengths.map((length, r) => of.slice(r * time, r * time + length));
  return { logprobs: rows(logp), entropies: rows(entropy) };
}

function addInto(sums: Weights, name: string, gradient: Float32Array): void {
  const sum = sums.get(name);
  if (sum === undefined) {
    sums.set(name, gradient);
    return;
  }
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (gradient[i] ?? 0);
}

function floats(value: InferenceSession.OnnxValueMapType[string] | undefined): Float32Array {
  if (!(value instanceof Tensor) || !(value.data instanceof Float32Array)) throw new Error("the graph gave no floats");
  return value.data;
}

const integers = (values: number[]) => new Tensor("int64", BigInt64Array.from(values, BigInt), [values.length]);
