import type { ContextParams } from "./addon";

/** How a model is spread over contexts, sequences and threads. Decided once, before anything is allocated. */

/** A model file up to this size is "small": bound by memory and overhead, so one thread for each of several lanes. */
const SMALL_BYTES = 256 * 2 ** 20;
/** libuv's pool has four threads, one of which must stay free to sample while the lanes compute. */
const MOST_LANES = 3;
/** Tokens of one batch; also the longest piece of a prompt that is evaluated before running sequences go on. */
export const BATCH_TOKENS = 512;
const GGML_F32 = 0;

/** What the command line may say; undefined leaves the choice to the plan. */
export interface PlanOptions {
  /** Tokens of one sequence, prompt and answer together: what the model was trained for, at most 2,048 (small) or 8,192. */
  context: number | undefined;
  /** Sequences at once over all lanes: 32 (small) or 4. */
  sequences: number | undefined;
  /** Contexts that compute side by side: one for each core (small, at most 3), else 1. */
  lanes: number | undefined;
  /** Threads of each context: 1 (small), else all cores but one. */
  threads: number | undefined;
  /** Keys and values while generating: f16 with flash attention, or f32. */
  kv: "f32" | "f16" | undefined;
  /** Without a GPU for small models, "auto" for others. */
  gpu: "auto" | false | undefined;
}

export interface Plan {
  contextSize: number;
  perLane: number;
  /** One context for each lane. */
  lanes: ContextParams[];
  /** A context of its own for log-probabilities of given texts. */
  scorer: ContextParams | undefined;
}

export function isSmall(fileBytes: number): boolean {
  return fileBytes <= SMALL_BYTES;
}

/**
 * Measured on the lab model (3.2M parameters, two cores shared with other work), tokens a CPU second with 32 samples:
 * f32 2,355, f16 with flash attention 3,508; 76 of 76 samples had the same tokens alone and in a batch either way. Against
 * PyTorch a log-probability is off by up to 5e-3 with f16 keys and values and 7e-5 with f32 ones. So small models
 * generate with f16 and score given texts in a second context with f32. Large models have no memory for a second one.
 */
export function planOf(
  options: PlanOptions,
  model: { bytes: number; trainContext: number; gpu: boolean; cores: number },
): Plan {
  const small = isSmall(model.bytes);
  const laneCount = options.lanes ?? (small && !model.gpu ? Math.max(1, Math.min(model.cores, MOST_LANES)) : 1);
  const sequences = Math.max(laneCount, options.sequences ?? (small ? 32 : 4));
  const perLane = Math.min(Math.ceil(sequences / laneCount), BATCH_TOKENS);
  const contextSize = Math.min(options.context ?? (small ? 2048 : 8192), model.trainContext);
  const context = (count: number, kv: "f32" | "f16"): ContextParams => ({
    // llama.cpp rounds the cells of a sequence up to 256; the limit told to clients stays what was asked for.
    contextSize: Math.ceil(contextSize / 256) * 256 * count,
    batchSize: BATCH_TOKENS,
    sequences: count,
    // More threads spin at barriers and starve as soon as the machine has other work: up to a thousand times slower.
    threads: options.threads ?? (small ? 1 : Math.max(1, model.cores - 1)),
    flashAttention: kv === "f16",
    ...(kv === "f32" ? { kvCacheKeyType: GGML_F32, kvCacheValueType: GGML_F32 } : {}),
  });
  const kv = options.kv ?? "f16";
  return {
    contextSize,
    perLane,
    lanes: Array.from({ length: laneCount }, () => context(perLane, kv)),
    scorer: small && kv === "f16" ? context(2, "f32") : undefined,
  };
}
