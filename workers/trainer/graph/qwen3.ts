import { z } from "zod";
import { Graph, Tape, type Value } from "./tape";

/** What of a Hugging Face config.json decides the network (Qwen3: q/k norm, RoPE, SwiGLU, grouped keys). */
export const trainableConfig = z.object({
  model_type: z.literal("qwen3"),
  vocab_size: z.number().int().positive(),
  hidden_size: z.number().int().positive(),
  intermediate_size: z.number().int().positive(),
  num_hidden_layers: z.number().int().positive(),
  num_attention_heads: z.number().int().positive(),
  num_key_value_heads: z.number().int().positive(),
  head_dim: z.number().int().positive(),
  rms_norm_eps: z.number().positive(),
  rope_theta: z.number().positive(),
  max_position_embeddings: z.number().int().positive(),
  tie_word_embeddings: z.boolean(),
  attention_bias: z.literal(false).default(false),
  rope_scaling: z.null().default(null),
  use_sliding_window: z.literal(false).default(false),
});
export type TrainableConfig = z.infer<typeof trainableConfig>;

/** Names and shapes of the weights, as Hugging Face keeps them. */
export function weightShapes(c: TrainableConfig): Map<string, number[]> {
  const [q, kv] = [c.num_attention_heads * c.head_dim, c.num_key_value_heads * c.head_dim];
  const [w, f] = [c.hidden_size, c.intermediate_size];
  const shapes = new Map<string, number[]>([["model.embed_tokens.weight", [c.vocab_size, w]]]);
  for (let i = 0; i < c.num_hidden_layers; i++) {
    const layer = (name: string, shape: number[]) => shapes.set(`model.layers.${i}.${name}.weight`, shape);
    layer("input_layernorm", [w]);
    layer("self_attn.q_proj", [q, w]);
    layer("self_attn.k_proj", [kv, w]);
    layer("self_attn.v_proj", [kv, w]);
    layer("self_attn.q_norm", [c.head_dim]);
    layer("self_attn.k_norm", [c.head_dim]);
    layer("self_attn.o_proj", [w, q]);
    layer("post_attention_layernorm", [w]);
    layer("mlp.gate_proj", [f, w]);
    layer("mlp.up_proj", [f, w]);
    layer("mlp.down_proj", [w, f]);
  }
  shapes.set("model.norm.weight", [w]);
  if (!c.tie_word_embeddings) shapes.set("lm_head.weight", [c.vocab_size, w]);
  return shapes;
}

/** How a loss is made of the tokens' log-probabilities. */
export type Objective =
  /** Σ weight · −logp. */
  | "likelihood"
  /** GRPO's clipped surrogate, −Σ weight · min(r·A, clip(r, 1−low, 1+high)·A) with r = exp(logp − old logp). */
  | "clipped"
  /** No loss and no gradients: log-probabilities and entropies alone. */
  | "none";

/**
 * The network with its backward pass. Inputs: `ids`, `targets` [tokens] (all rows of the batch below each other,
 * right-padded to one length), `weight` [tokens], the tables `cos`, `sin` [time, dim] and `mask` [time, time], the shapes
 * `query_shape`, `key_shape` [4], and every weight by name; for "clipped" also `advantage`, `old` [tokens], `low`, `high` [].
 * Outputs: `logp`, `entropy` [tokens] (nats); with a loss also `loss` [], `clipped` [] (share of weight that was
 * clipped, "clipped" alone) and `d NAME` for every weight.
 */
export function buildGraph(c: TrainableConfig, objective: Objective): Uint8Array {
  const g = new Graph();
  const tape = new Tape(g);
  const vector = (name: string) => g.input({ name, element: "float", dims: ["tokens"] });
  const integers = (name: string, dims: (number | string)[]) => g.input({ name, element: "int64", dims });
  const ids = integers("ids", ["tokens"]);
  const targets = integers("targets", ["tokens"]);
  const cos = g.input({ name: "cos", element: "float", dims: ["time", c.head_dim] });
  const sin = g.input({ name: "sin", element: "float", dims: ["time", c.head_dim] });
  const mask = g.input({ name: "mask", element: "float", dims: ["time", "time"] });
  const queryShape = integers("query_shape", [4]);
  const keyShape = integers("key_shape", [4]);
  const weights = weightShapes(c);
  for (const [name, dims] of weights) g.input({ name, element: "float", dims });

  const [h, eps, dim] = [c.num_attention_heads, c.rms_norm_eps, c.head_dim];
  const byHead = [0, 2, 1, 3];
  const repeated = g.op("Gather", [queryShape, g.integers(...byHead)]);
  let x: Value = tape.embed("model.embed_tokens.weight", ids);
  for (let i = 0; i < c.num_hidden_layers; i++) {
    const w = (name: string) => `model.layers.${i}.${name}.weight`;
    const n = tape.rmsNorm(x, w("input_layernorm"), eps);
    const heads = (name: string, shape: Value) => tape.reshape(tape.linear(n, w(`self_attn.${name}_proj`)), shape);
    const turned = (name: string, shape: Value) =>
      tape.rotary(tape.transpose(tape.rmsNorm(heads(name, shape), w(`self_attn.${name}_norm`), eps), byHead), cos, sin);
    const groups = h / c.num_key_value_heads;
    const attended = tape.attention(
      turned("q", queryShape),
      tape.repeatHeads(turned("k", keyShape), groups, repeated),
      tape.repeatHeads(tape.transpose(heads("v", keyShape), byHead), groups, repeated),
      mask,
      dim ** -0.5,
    );
    const joined = tape.reshape(tape.transpose(attended, byHead), g.integers(-1, h * dim));
    x = tape.add(x, tape.linear(joined, w("self_attn.o_proj")));
    const m = tape.rmsNorm(x, w("post_attention_layernorm"), eps);
    const fed = tape.swiglu(tape.linear(m, w("mlp.gate_proj")), tape.linear(m, w("mlp.up_proj")));
    x = tape.add(x, tape.linear(fed, w("mlp.down_proj")));
  }
  const states = tape.rmsNorm(x, "model.norm.weight", eps);
  const head = c.tie_word_embeddings ? "model.embed_tokens.weight" : "lm_head.weight";
  const { chosen, all } = tape.tokenLogprobs(tape.linear(states, head), targets);
  const entropy = g.op("Neg", [
    g.op("ReduceSum", [g.op("Mul", [g.op("Exp", [all]), all]), g.integers(-1)], { keepdims: 0 }),
  ]);
  g.output({ name: "logp", element: "float", dims: ["tokens"] }, chosen);
  g.output({ name: "entropy", element: "float", dims: ["tokens"] }, entropy);
  if (objective === "none") return g.encode();

  const weight = vector("weight");
  const total = (v: Value) => g.op("ReduceSum", [g.op("Mul", [weight, v]), g.integers(0)], { keepdims: 0 });
  if (objective === "likelihood") {
    g.output({ name: "loss", element: "float", dims: [] }, g.op("Neg", [total(chosen)]));
    tape.seed(chosen, g.op("Neg", [weight]));
  } else {
    const [advantage, old] = [vector("advantage"), vector("old")];
    const [low, high] = ["low", "high"].map((name) => g.input({ name, element: "float", dims: [] })) as [Value, Value];
    const ratio = g.op("Exp", [g.op("Sub", [chosen, old])]);
    const one = g.scalar(1);
    const bounded = g.op("Clip", [ratio, g.op("Sub", [one, low]), g.op("Add", [one, high])]);
    const [free, held] = [g.op("Mul", [ratio, advantage]), g.op("Mul", [bounded, advantage])];
    // Where the bounded one is less, the surrogate is flat: no gradient.
    const active = g.op("CastLike", [g.op("LessOrEqual", [free, held]), one]);
    g.output({ name: "loss", element: "float", dims: [] }, g.op("Neg", [total(g.op("Min", [free, held]))]));
    g.output({ name: "clipped", element: "float", dims: [] }, total(g.op("Sub", [one, active])));
    tape.seed(chosen, g.op("Neg", [g.op("Mul", [g.op("Mul", [weight, free]), active])]));
  }
  tape.backward();
  for (const [name, dims] of weights) {
    const gradient = tape.gradient(name);
    if (gradient === undefined) throw new Error(`the loss does not depend on ${name}`);
    g.output({ name: `d ${name}`, element: "float", dims }, gradient);
  }
  return g.encode();
}
