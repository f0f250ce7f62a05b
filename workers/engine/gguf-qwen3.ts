import { z } from "zod";
import { InterveneError } from "@/server/errors";
import { encodeFloats } from "./floats";
import type { GgmlFloat, GgufTensor, GgufValue } from "./gguf";
import type { SafeTensor } from "./safetensors";

/**
 * A Qwen3 model of Hugging Face's form → llama.cpp's names and metadata ("qwen3" architecture, "gpt2" tokenizer with
 * the "qwen2" pre-tokeniser). Rotary halves are stored as Hugging Face does (NeoX order), so no row is permuted.
 */
export const qwen3Config = z.object({
  model_type: z.literal("qwen3", { message: "only model_type qwen3 can be converted; give a GGUF file instead" }),
  vocab_size: z.number().int(),
  hidden_size: z.number().int(),
  intermediate_size: z.number().int(),
  num_hidden_layers: z.number().int(),
  num_attention_heads: z.number().int(),
  num_key_value_heads: z.number().int(),
  head_dim: z.number().int(),
  rms_norm_eps: z.number(),
  max_position_embeddings: z.number().int(),
  /** transformers 4 has it at the top level, 5 inside rope_parameters. */
  rope_theta: z.number().optional(),
  rope_parameters: z.object({ rope_theta: z.number(), rope_type: z.literal("default").optional() }).optional(),
  rope_scaling: z.null({ message: "scaled rotary positions cannot be converted; give a GGUF file instead" }).optional(),
  tie_word_embeddings: z.boolean().default(false),
  eos_token_id: z.union([z.number(), z.array(z.number())]).nullish(),
});
export type Qwen3Config = z.infer<typeof qwen3Config>;

export const tokenizerFile = z.object({
  added_tokens: z.array(z.object({ id: z.number().int(), content: z.string(), special: z.boolean() })).default([]),
  model: z.object({
    type: z.literal("BPE"),
    vocab: z.record(z.string(), z.number().int()),
    merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])),
  }),
});
export type TokenizerFile = z.infer<typeof tokenizerFile>;

/** llama.cpp's token types. */
const TOKEN = { normal: 1, control: 3, userDefined: 4, unused: 5 } as const;

/** Metadata of the GGUF file: shape of the model, tokenizer, chat template. */
export function qwen3Metadata(
  config: Qwen3Config,
  tokenizer: TokenizerFile,
  options: { name: string; type: GgmlFloat; chatTemplate: string | undefined },
): Map<string, GgufValue> {
  const theta = config.rope_parameters?.rope_theta ?? config.rope_theta;
  if (theta === undefined) throw new InterveneError("bad_input", "config.json has no rope_theta.");
  const uint32 = (value: number): GgufValue => ({ type: "uint32", value });
  const metadata = new Map<string, GgufValue>([
    ["general.architecture", { type: "string", value: "qwen3" }],
    ["general.name", { type: "string", value: options.name }],
    ["general.file_type", uint32(options.type === "f32" ? 0 : 1)],
    ["qwen3.block_count", uint32(config.num_hidden_layers)],
    ["qwen3.context_length", uint32(config.max_position_embeddings)],
    ["qwen3.embedding_length", uint32(config.hidden_size)],
    ["qwen3.feed_forward_length", uint32(config.intermediate_size)],
    ["qwen3.attention.head_count", uint32(config.num_attention_heads)],
    ["qwen3.attention.head_count_kv", uint32(config.num_key_value_heads)],
    ["qwen3.attention.key_length", uint32(config.head_dim)],
    ["qwen3.attention.value_length", uint32(config.head_dim)],
    ["qwen3.attention.layer_norm_rms_epsilon", { type: "float32", value: config.rms_norm_eps }],
    ["qwen3.rope.freq_base", { type: "float32", value: theta }],
  ]);
  // Rows beyond the tokenizer's last id are padding of the embedding matrix.
  const tokens = Array.from({ length: config.vocab_size }, (_, id) => `[PAD${id}]`);
  const types: number[] = Array.from({ length: config.vocab_size }, () => TOKEN.unused);
  const place = (id: number, text: string, type: number) => {
    if (id >= config.vocab_size) {
      throw new InterveneError("bad_input", `Token ${id} (${text}) lies outside of vocab_size ${config.vocab_size}.`);
    }
    tokens[id] = text;
    types[id] = type;
  };
  for (const [text, id] of Object.entries(tokenizer.model.vocab)) place(id, text, TOKEN.normal);
  for (const added of tokenizer.added_tokens) {
    place(added.id, added.content, added.special ? TOKEN.control : TOKEN.userDefined);
  }
  metadata.set("tokenizer.ggml.model", { type: "string", value: "gpt2" });
  metadata.set("tokenizer.ggml.pre", { type: "string", value: "qwen2" });
  metadata.set("tokenizer.ggml.tokens", { type: "strings", value: tokens });
  metadata.set("tokenizer.ggml.token_type", { type: "int32s", value: types });
  metadata.set("tokenizer.ggml.merges", {
    type: "strings",
    value: tokenizer.model.merges.map((pair) => (typeof pair === "string" ? pair : pair.join(" "))),
  });
  const idOf = (text: string) => tokenizer.added_tokens.find((added) => added.content === text)?.id;
  const configured = Array.isArray(config.eos_token_id) ? config.eos_token_id[0] : config.eos_token_id;
  const eos = idOf("<|im_end|>") ?? configured;
  if (eos === undefined || eos === null) throw new InterveneError("bad_input", "The model folder names no end token.");
  metadata.set("tokenizer.ggml.eos_token_id", uint32(eos));
  metadata.set("tokenizer.ggml.padding_token_id", uint32(idOf("<|endoftext|>") ?? eos));
  metadata.set("tokenizer.ggml.add_bos_token", { type: "bool", value: false });
  if (options.chatTemplate !== undefined) {
    metadata.set("tokenizer.chat_template", { type: "string", value: options.chatTemplate });
  }
  return metadata;
}

const LAYER_NAMES: Record<string, string> = {
  "input_layernorm.weight": "attn_norm.weight",
  "self_attn.q_proj.weight": "attn_q.weight",
  "self_attn.k_proj.weight": "attn_k.weight",
  "self_attn.v_proj.weight": "attn_v.weight",
  "self_attn.o_proj.weight": "attn_output.weight",
  "self_attn.q_norm.weight": "attn_q_norm.weight",
  "self_attn.k_norm.weight": "attn_k_norm.weight",
  "post_attention_layernorm.weight": "ffn_norm.weight",
  "mlp.gate_proj.weight": "ffn_gate.weight",
  "mlp.up_proj.weight": "ffn_up.weight",
  "mlp.down_proj.weight": "ffn_down.weight",
};

/** llama.cpp's name of a Qwen3 tensor, or undefined where it has none. */
export function ggufName(name: string): string | undefined {
  if (name === "model.embed_tokens.weight") return "token_embd.weight";
  if (name === "model.norm.weight") return "output_norm.weight";
  if (name === "lm_head.weight") return "output.weight";
  const layer = /^model\.layers\.(\d+)\.(.+)$/.exec(name);
  const known = layer?.[2] === undefined ? undefined : LAYER_NAMES[layer[2]];
  return known === undefined ? undefined : `blk.${layer?.[1]}.${known}`;
}

/**
 * The tensors of the GGUF file. Norm vectors stay F32 as llama.cpp requires. A tied model's lm_head is left out, since
 * llama.cpp then uses the embedding matrix.
 * @throws InterveneError("bad_input") for a tensor that is unknown or missing.
 */
export function qwen3Tensors(
  config: Qwen3Config,
  given: ReadonlyMap<string, SafeTensor>,
  type: GgmlFloat,
): GgufTensor[] {
  const tensors: GgufTensor[] = [];
  for (const tensor of given.values()) {
    if (tensor.name === "lm_head.weight" && config.tie_word_embeddings) continue;
    const name = ggufName(tensor.name);
    if (name === undefined)
      throw new InterveneError("bad_input", `Tensor ${tensor.name} is not part of a Qwen3 model.`);
    const stored = tensor.shape.length === 1 ? "f32" : type;
    tensors.push({
      name,
      shape: tensor.shape,
      type: stored,
      read: async () => encodeFloats(await tensor.read(), stored),
    });
  }
  const names = new Set(tensors.map((tensor) => tensor.name));
  const needed = ["token_embd.weight", "output_norm.weight", ...(config.tie_word_embeddings ? [] : ["output.weight"])];
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    needed.push(...Object.values(LAYER_NAMES).map((name) => `blk.${layer}.${name}`));
  }
  const missing = needed.find((name) => !names.has(name));
  if (missing !== undefined) throw new InterveneError("bad_input", `The weights have no tensor for ${missing}.`);
  return tensors;
}
