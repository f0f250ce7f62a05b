import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { floatToHalf, halfToFloat } from "@/workers/engine/floats";

/** A Qwen3 model with random weights, written as a Hugging Face folder, and its forward pass in plain float64. */
export interface TinyShape {
  vocab: number;
  width: number;
  layers: number;
  heads: number;
  kvHeads: number;
  headDim: number;
  ffn: number;
  theta: number;
  eps: number;
  maxPositions: number;
  tied: boolean;
}

export const TINY: TinyShape = {
  vocab: 280,
  width: 64,
  layers: 2,
  heads: 4,
  kvHeads: 2,
  headDim: 32,
  ffn: 96,
  theta: 10_000,
  eps: 1e-6,
  maxPositions: 512,
  tied: true,
};

export type Weights = Map<string, { shape: number[]; data: Float64Array }>;
export type WeightFormat = "F32" | "F16" | "BF16";

export const TEMPLATE =
  "{%- for message in messages %}{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}{%- endfor %}" +
  "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}";

/** A small deterministic generator (mulberry32): numbers in [0, 1). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** The value that remains after storing `x` in a format. */
function stored(x: number, format: WeightFormat): number {
  if (format === "F32") return Math.fround(x);
  if (format === "F16") return halfToFloat(floatToHalf(x));
  return bf16ToFloat(bf16(x));
}
function bf16(x: number): number {
  const bits = new Uint32Array(Float32Array.of(x).buffer)[0] ?? 0;
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}
function bf16ToFloat(bits: number): number {
  return new Float32Array(Uint32Array.of(bits << 16).buffer)[0] ?? 0;
}

/** Random weights under Hugging Face's names, exactly as they are after storage in `format`. */
export function randomWeights(shape: TinyShape, format: WeightFormat, seed = 1, scale = 1): Weights {
  const next = random(seed);
  const gauss = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const weights: Weights = new Map();
  const add = (name: string, dims: number[], value: () => number) => {
    const data = new Float64Array(dims.reduce((a, b) => a * b, 1));
    for (let i = 0; i < data.length; i++) data[i] = stored(value(), format);
    weights.set(name, { shape: dims, data });
  };
  const matrix = (name: string, rows: number, columns: number) =>
    add(name, [rows, columns], () => (gauss() * scale) / Math.sqrt(columns));
  const norm = (name: string, size: number) => add(name, [size], () => 1 + 0.1 * gauss());
  add("model.embed_tokens.weight", [shape.vocab, shape.width], () => (gauss() * 2) / Math.sqrt(shape.width));
  norm("model.norm.weight", shape.width);
  if (!shape.tied) matrix("lm_head.weight", shape.vocab, shape.width);
  for (let l = 0; l < shape.layers; l++) {
    const p = `model.layers.${l}`;
    norm(`${p}.input_layernorm.weight`, shape.width);
    norm(`${p}.post_attention_layernorm.weight`, shape.width);
    norm(`${p}.self_attn.q_norm.weight`, shape.headDim);
    norm(`${p}.self_attn.k_norm.weight`, shape.headDim);
    matrix(`${p}.self_attn.q_proj.weight`, shape.heads * shape.headDim, shape.width);
    matrix(`${p}.self_attn.k_proj.weight`, shape.kvHeads * shape.headDim, shape.width);
    matrix(`${p}.self_attn.v_proj.weight`, shape.kvHeads * shape.headDim, shape.width);
    matrix(`${p}.self_attn.o_proj.weight`, shape.width, shape.heads * shape.headDim);
    matrix(`${p}.mlp.gate_proj.weight`, shape.ffn, shape.width);
    matrix(`${p}.mlp.up_proj.weight`, shape.ffn, shape.width);
    matrix(`${p}.mlp.down_proj.weight`, shape.width, shape.ffn);
  }
  return weights;
}

function safetensors(weights: Weights, format: WeightFormat): Buffer {
  const header: Record<string, unknown> = { __metadata__: { format: "pt" } };
  const parts: Buffer[] = [];
  let offset = 0;
  for (const [name, { shape, data }] of weights) {
    const bytes = Buffer.alloc(data.length * (format === "F32" ? 4 : 2));
    data.forEach((x, i) => {
      if (format === "F32") bytes.writeFloatLE(x, i * 4);
      else bytes.writeUInt16LE(format === "F16" ? floatToHalf(x) : bf16(x), i * 2);
    });
    header[name] = { dtype: format, shape, data_offsets: [offset, offset + bytes.length] };
    offset += bytes.length;
    parts.push(bytes);
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, ...parts]);
}

/** GPT-2's printable stand-in for each byte, in the order of bytes. */
function byteAlphabet(): string[] {
  const printable = (b: number) => (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174;
  let extra = 0;
  return Array.from({ length: 256 }, (_, b) => String.fromCodePoint(printable(b) ? b : 256 + extra++));
}

export const SPECIALS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"];

/** tokenizer.json: 256 bytes, a few merges, three special tokens and one added token that is not special. */
export function tinyTokenizer() {
  const vocab: Record<string, number> = {};
  for (const symbol of byteAlphabet()) vocab[symbol] = Object.keys(vocab).length;
  const merges = ["t h", "th e", "Ġ the", "a n", "Ġ a", "Ċ Ċ"];
  for (const merge of merges) vocab[merge.replace(" ", "")] = Object.keys(vocab).length;
  const first = Object.keys(vocab).length;
  const added = (content: string, id: number, special: boolean) => ({
    id,
    content,
    special,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
  });
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [...SPECIALS.map((text, i) => added(text, first + i, true)), added("<think>", first + 3, false)],
    normalizer: { type: "NFC" },
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [
        {
          type: "Split",
          pattern: {
            Regex:
              "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
          },
          behavior: "Isolated",
          invert: false,
        },
        { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: false },
      ],
    },
    post_processor: { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: false },
    decoder: { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: false },
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab,
      merges,
    },
  };
}

export const tinyTokenizerConfig = {
  tokenizer_class: "Qwen2Tokenizer",
  eos_token: "<|im_end|>",
  pad_token: "<|endoftext|>",
  bos_token: null,
  chat_template: TEMPLATE,
};

/** Write a Hugging Face folder; returns the weights as stored. */
export async function writeTinyModel(
  folder: string,
  shape: TinyShape = TINY,
  format: WeightFormat = "F16",
  seed = 1,
  scale = 1,
): Promise<Weights> {
  const weights = randomWeights(shape, format, seed, scale);
  await mkdir(folder, { recursive: true });
  const tokenizer = tinyTokenizer();
  const write = (name: string, value: unknown) => writeFile(path.join(folder, name), JSON.stringify(value));
  await write("config.json", {
    architectures: ["Qwen3ForCausalLM"],
    model_type: "qwen3",
    vocab_size: shape.vocab,
    hidden_size: shape.width,
    intermediate_size: shape.ffn,
    num_hidden_layers: shape.layers,
    num_attention_heads: shape.heads,
    num_key_value_heads: shape.kvHeads,
    head_dim: shape.headDim,
    rms_norm_eps: shape.eps,
    rope_theta: shape.theta,
    rope_scaling: null,
    max_position_embeddings: shape.maxPositions,
    tie_word_embeddings: shape.tied,
    eos_token_id: tokenizer.added_tokens.find((t) => t.content === "<|im_end|>")?.id,
  });
  await write("tokenizer.json", tokenizer);
  await write("tokenizer_config.json", tinyTokenizerConfig);
  await writeFile(path.join(folder, "model.safetensors"), safetensors(weights, format));
  return weights;
}

/**
 * Log-probabilities [position][vocab] of the next token after each of `ids`, by the textbook equations in float64:
 * independent of llama.cpp and of the converter's names.
 */
export function referenceLogprobs(shape: TinyShape, weights: Weights, ids: readonly number[]): Float64Array[] {
  const get = (name: string): Float64Array => {
    const found = weights.get(name);
    if (!found) throw new Error(`no ${name}`);
    return found.data;
  };
  const at = (a: ArrayLike<number>, i: number): number => a[i] ?? Number.NaN;
  const norm = (x: Float64Array, w: Float64Array): Float64Array => {
    const scale = 1 / Math.sqrt(x.reduce((s, v) => s + v * v, 0) / x.length + shape.eps);
    return x.map((v, i) => v * scale * at(w, i));
  };
  const times = (w: Float64Array, x: Float64Array): Float64Array => {
    const out = new Float64Array(w.length / x.length);
    for (let r = 0; r < out.length; r++) {
      let sum = 0;
      for (let c = 0; c < x.length; c++) sum += at(w, r * x.length + c) * at(x, c);
      out[r] = sum;
    }
    return out;
  };
  const heads = (x: Float64Array, w: Float64Array, position: number): Float64Array[] =>
    Array.from({ length: x.length / shape.headDim }, (_, h) => {
      const v = norm(x.slice(h * shape.headDim, (h + 1) * shape.headDim), w);
      const half = shape.headDim / 2;
      return v.map((value, i) => {
        const angle = position * shape.theta ** ((-2 * (i % half)) / shape.headDim);
        const partner = i < half ? -at(v, i + half) : at(v, i - half);
        return value * Math.cos(angle) + partner * Math.sin(angle);
      });
    });
  const embed = get("model.embed_tokens.weight");
  let states = ids.map((id) => embed.slice(id * shape.width, (id + 1) * shape.width));
  for (let l = 0; l < shape.layers; l++) {
    const p = `model.layers.${l}`;
    const inputs = states.map((x) => norm(x, get(`${p}.input_layernorm.weight`)));
    const q = inputs.map((x, t) =>
      heads(times(get(`${p}.self_attn.q_proj.weight`), x), get(`${p}.self_attn.q_norm.weight`), t),
    );
    const k = inputs.map((x, t) =>
      heads(times(get(`${p}.self_attn.k_proj.weight`), x), get(`${p}.self_attn.k_norm.weight`), t),
    );
    const v = inputs.map((x) => times(get(`${p}.self_attn.v_proj.weight`), x));
    states = states.map((x, t) => {
      const joined = new Float64Array(shape.heads * shape.headDim);
      for (let h = 0; h < shape.heads; h++) {
        const kv = Math.floor((h * shape.kvHeads) / shape.heads);
        const query = q[t]?.[h] ?? new Float64Array();
        const scores: number[] = [];
        for (let s = 0; s <= t; s++) {
          const key = k[s]?.[kv] ?? new Float64Array();
          scores.push(query.reduce((sum, value, i) => sum + value * at(key, i), 0) / Math.sqrt(shape.headDim));
        }
        const top = Math.max(...scores);
        const total = scores.reduce((sum, s) => sum + Math.exp(s - top), 0);
        scores.forEach((score, s) => {
          const weight = Math.exp(score - top) / total;
          for (let i = 0; i < shape.headDim; i++) {
            joined[h * shape.headDim + i] =
              at(joined, h * shape.headDim + i) + weight * at(v[s] ?? [], kv * shape.headDim + i);
          }
        });
      }
      const out = times(get(`${p}.self_attn.o_proj.weight`), joined);
      return x.map((value, i) => value + at(out, i));
    });
    states = states.map((x) => {
      const h = norm(x, get(`${p}.post_attention_layernorm.weight`));
      const gate = times(get(`${p}.mlp.gate_proj.weight`), h);
      const up = times(get(`${p}.mlp.up_proj.weight`), h);
      const out = times(
        get(`${p}.mlp.down_proj.weight`),
        gate.map((g, i) => (g / (1 + Math.exp(-g))) * at(up, i)),
      );
      return x.map((value, i) => value + at(out, i));
    });
  }
  const head = shape.tied ? embed : get("lm_head.weight");
  return states.map((x) => {
    const logits = times(head, norm(x, get("model.norm.weight")));
    const top = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    const total = logits.reduce((sum, value) => sum + Math.exp(value - top), 0);
    return logits.map((value) => value - top - Math.log(total));
  });
}
