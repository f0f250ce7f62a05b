import type { AddonContext, AddonSampler, LoadedGguf } from "./addon";

/** How the next token is chosen; the meaning of each value is vLLM's. */
export interface SamplingSettings {
  /** 0 takes the most probable token. */
  temperature: number;
  /** In (0, 1]; 1 is off. */
  topP: number;
  /** 0 is off. */
  topK: number;
  /** In [0, 1]; relative to the most probable token; 0 is off. */
  minP: number;
  seed: number;
}

/** Candidates kept for top_p where top_k is off and the vocabulary is large: the mass beyond them is negligible. */
const TOP_P_CANDIDATES = 1024;
const GREEDY_BELOW = 1e-5;

/** Spread neighbouring seeds (child i of a request has seed + i) over 32 bits; never llama.cpp's "random" 2^32 - 1. */
export function mixSeed(seed: number): number {
  let h = (seed >>> 0) ^ Math.imul(Math.floor(seed / 4294967296) | 0, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  h = (h ^ (h >>> 16)) >>> 0;
  return h === 0xffffffff ? 0x9e3779b9 : h;
}

/** Uniform numbers in [0, 1) from a 32-bit state (splitmix32). */
export function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let t = state ^ (state >>> 16);
    t = Math.imul(t, 0x21f0aaad);
    t ^= t >>> 15;
    t = Math.imul(t, 0x735a2d97);
    return ((t ^ (t >>> 15)) >>> 0) / 4294967296;
  };
}

/**
 * Draw one of `candidates` ([token, logit, token, logit, …], falling logits) in vLLM's order: temperature, min_p,
 * top_p over what top_k left.
 * @param draw a number in [0, 1)
 */
export function drawTopP(candidates: readonly number[], settings: SamplingSettings, draw: number): number {
  const top = candidates[1] ?? 0;
  const weights: number[] = [];
  let total = 0;
  for (let i = 1; i < candidates.length; i += 2) {
    const weight = Math.exp(((candidates[i] ?? 0) - top) / settings.temperature);
    if (weight < settings.minP) break;
    weights.push(weight);
    total += weight;
  }
  // The smallest set whose mass reaches top_p: a token stays while the mass before it is below.
  let kept = 0;
  let mass = 0;
  while (kept < weights.length && (kept === 0 || mass < settings.topP * total)) mass += weights[kept++] ?? 0;
  let rest = draw * mass;
  for (let i = 0; i < kept; i++) {
    rest -= weights[i] ?? 0;
    if (rest < 0) return candidates[2 * i] ?? -1;
  }
  return candidates[2 * (kept - 1)] ?? -1;
}

/** Chooses the tokens of one sequence. */
export interface TokenSampler {
  sample(context: AddonContext, logitIndex: number): Promise<number>;
  dispose(): void;
}

/**
 * llama.cpp's chain applies temperature last, vLLM first. The results differ only for top_p (min_p is rescaled: a
 * tempered ratio r is an untempered ratio r^temperature), so top_p below 1 is drawn here from the reported candidates
 * and everything else by the library.
 */
export function createSampler(model: LoadedGguf, settings: SamplingSettings): TokenSampler {
  const native: AddonSampler = model.createSampler();
  const dispose = () => native.dispose();
  if (settings.temperature < GREEDY_BELOW) {
    native.applyConfig({ temperature: 0 });
    return { sample: (context, index) => context.sampleToken(index, native), dispose };
  }
  const seed = mixSeed(settings.seed);
  if (settings.topP >= 1) {
    native.applyConfig({
      temperature: settings.temperature,
      seed,
      ...(settings.topK > 0 ? { topK: settings.topK } : {}),
      ...(settings.minP > 0 ? { minP: settings.minP ** settings.temperature } : {}),
    });
    return { sample: (context, index) => context.sampleToken(index, native), dispose };
  }
  const topK = Math.min(settings.topK > 0 ? settings.topK : TOP_P_CANDIDATES, model.vocabularySize);
  native.applyConfig({ temperature: 1, topK, seed });
  const draw = uniform(seed);
  return {
    sample: async (context, index) => {
      const [token, , , candidates] = await context.sampleToken(index, native, false, false, true, false);
      return candidates === undefined ? token : drawTopP(candidates, settings, draw());
    },
    dispose,
  };
}
