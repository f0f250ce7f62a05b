import { getLlama, type Llama, LlamaLogLevel } from "node-llama-cpp";
import { InterveneError, messageOf } from "@/server/errors";

/**
 * The part of node-llama-cpp that lies below its chat classes: one call per batch and per sampled token. Its public
 * LlamaContextSequence costs several promises and a queue per token, more than a small model's arithmetic. The
 * declarations follow dist/bindings/AddonTypes.d.ts of node-llama-cpp 3.22.1, which the package does not export.
 */
export interface AddonContext {
  init(): Promise<boolean>;
  dispose(): Promise<void>;
  getContextSize(): number;
  initBatch(size: number): void;
  /** Returns the logit index of each position asked for in `logitIndexes` (indexes into `tokens`, ascending). */
  addToBatch(sequence: number, position: number, tokens: Uint32Array, logitIndexes: Uint32Array): Uint32Array;
  decodeBatch(): Promise<void>;
  sampleToken(logitIndex: number, sampler: AddonSampler): Promise<number>;
  sampleToken(
    logitIndex: number,
    sampler: AddonSampler,
    probabilities: boolean,
    confidence: boolean,
    /** [tokens to report, highest, lowest, selected, number of highest], or all. */
    logits: boolean | [tokens: number[], highest: boolean, lowest: boolean, selected: boolean, top: number],
    totalLogitWeight: boolean,
  ): Promise<
    [
      token: number,
      probabilities: undefined,
      confidence: undefined,
      logits: number[] | undefined,
      totalWeight: number | undefined,
    ]
  >;
  disposeSequence(sequence: number): void;
  removeTokenCellsFromSequence(sequence: number, start: number, end: number): boolean;
  getSequenceKvCacheMinPosition(sequence: number): number;
  copySequenceStateFromOtherSequence(target: number, source: number): Promise<number>;
}

export interface SamplerConfig {
  temperature?: number;
  minP?: number;
  topK?: number;
  topP?: number;
  seed?: number;
}

export interface AddonSampler {
  applyConfig(config: SamplerConfig): void;
  dispose(): void;
}

export interface AddonModel {
  tokenize(text: string, specialTokens: boolean): Uint32Array;
  detokenize(tokens: Uint32Array, specialTokens: boolean): string;
  isEogToken(token: number): boolean;
  tokenBos(): number;
  tokenEos(): number;
  shouldPrependBosToken(): boolean;
  getTrainContextSize(): number;
}

export interface ContextParams {
  /** Cells of all sequences together. */
  contextSize: number;
  batchSize: number;
  sequences: number;
  threads: number;
  flashAttention: boolean;
  kvCacheKeyType?: number;
  kvCacheValueType?: number;
}

interface Bindings {
  AddonContext: new (model: AddonModel, params: ContextParams) => AddonContext;
  AddonSampler: new (model: AddonModel) => AddonSampler;
}

/** A GGUF file in memory, and the means to open contexts on it. */
export interface LoadedGguf {
  addonModel: AddonModel;
  vocabularySize: number;
  trainContext: number;
  /** Bytes of the weights. */
  bytes: number;
  chatTemplate: string | undefined;
  eosText: string;
  bosText: string;
  gpu: string | false;
  createContext(params: ContextParams): Promise<AddonContext>;
  createSampler(): AddonSampler;
  dispose(): Promise<void>;
}

/**
 * llama.cpp's backends are global to the process: one instance for each mode, kept until the end. For Apple silicon
 * there is only the Metal binary; without a GPU it is used with no layer on it.
 */
const instances = new Map<string, Promise<Llama>>();

function llamaFor(gpu: "auto" | false): Promise<Llama> {
  const key = String(gpu);
  const known = instances.get(key);
  if (known !== undefined) return known;
  const made = getLlama({
    gpu: process.platform === "darwin" && process.arch === "arm64" ? "auto" : gpu,
    build: "never",
    skipDownload: true,
    logLevel: LlamaLogLevel.error,
    progressLogs: false,
  });
  instances.set(key, made);
  return made;
}

/**
 * Load a GGUF file. `gpu` "auto" uses Metal, CUDA or Vulkan where the binary for it is installed.
 * @throws InterveneError("cannot_start") when the file cannot be loaded.
 */
export async function loadGguf(file: string, gpu: "auto" | false): Promise<LoadedGguf> {
  try {
    const llama = await llamaFor(gpu);
    const model = await llama.loadModel({ modelPath: file, gpuLayers: gpu === false ? 0 : "auto" });
    const bindings = (llama as unknown as { _bindings: Bindings })._bindings;
    const addonModel = (model as unknown as { _model: AddonModel })._model;
    if (bindings?.AddonContext === undefined || addonModel?.tokenize === undefined) {
      throw new Error("this version of node-llama-cpp has another native interface than 3.22");
    }
    const { tokenizer } = model.fileInfo.metadata;
    return {
      addonModel,
      vocabularySize: tokenizer.ggml.tokens.length,
      trainContext: model.trainContextSize,
      bytes: model.size,
      chatTemplate: tokenizer.chat_template,
      eosText: model.tokens.eosString ?? "",
      bosText: model.tokens.bosString ?? "",
      gpu: gpu === false ? false : llama.gpu,
      createContext: async (params) => {
        const context = new bindings.AddonContext(addonModel, params);
        if (!(await context.init())) {
          throw new InterveneError(
            "cannot_start",
            `No memory for ${params.sequences} sequences of ${Math.floor(params.contextSize / params.sequences)} tokens: lower --sequences or --context.`,
          );
        }
        return context;
      },
      createSampler: () => new bindings.AddonSampler(addonModel),
      dispose: () => model.dispose(),
    };
  } catch (error) {
    if (error instanceof InterveneError) throw error;
    throw new InterveneError("cannot_start", `The model ${file} cannot be loaded: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
