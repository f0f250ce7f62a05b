import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { z } from "zod";
import { openSafetensors } from "@/workers/engine/safetensors";
import type { Weights } from "@/workers/trainer/graph/network";
import { readConfig, readWeights, writeModel } from "@/workers/trainer/weights";

const configSchema = z.object({ r: z.number(), lora_alpha: z.number(), base_model_name_or_path: z.string() });
/** What peft writes beside an adapter's weights. */
export const adapterConfig = (folder: string) => configSchema.parse(JSON.parse(readFileSync(path.join(folder, "adapter_config.json"), "utf8")));

/** The tensors of an adapter by the name of the weight that they are added to: W + alpha / r · B A (Hu et al. 2021). */
export async function readAdapter(folder: string): Promise<Map<string, { a: Float32Array; b: Float32Array }>> {
  const alone = mkdtempSync(path.join(tmpdir(), "intervene-adapter-"));
  copyFileSync(path.join(folder, "adapter_model.safetensors"), path.join(alone, "model.safetensors"));
  const { tensors, close } = await openSafetensors(alone);
  try {
    const parts = new Map<string, { a: Float32Array; b: Float32Array }>();
    for (const [name, tensor] of tensors) {
      const [, weight = "", side] = /^base_model\.model\.(.+)\.lora_([AB])\.weight$/.exec(name) ?? [];
      const part = parts.get(`${weight}.weight`) ?? { a: new Float32Array(), b: new Float32Array() };
      part[side === "A" ? "a" : "b"] = await tensor.read();
      parts.set(`${weight}.weight`, part);
    }
    return parts;
  } finally {
    await close();
    rmSync(alone, { recursive: true });
  }
}

/** An adapter added to its base model's weights, by hand. */
export async function mergedWeights(folder: string): Promise<Weights> {
  const { r, lora_alpha, base_model_name_or_path: base } = adapterConfig(folder);
  const weights = await readWeights(base, await readConfig(base));
  for (const [name, { a, b }] of await readAdapter(folder)) {
    const w = weights.get(name);
    if (w === undefined) throw new Error(`the base model has no ${name}`);
    const columns = a.length / r;
    for (let i = 0; i < b.length / r; i++)
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (let k = 0; k < r; k++) sum += (b[i * r + k] ?? 0) * (a[k * columns + j] ?? 0);
        w[i * columns + j] = (w[i * columns + j] ?? 0) + (lora_alpha / r) * sum;
      }
  }
  return weights;
}

/** Write that sum as a model folder. */
export async function writeMerged(folder: string, target: string): Promise<void> {
  const { base_model_name_or_path: base } = adapterConfig(folder);
  await writeModel(target, base, await mergedWeights(folder), await readConfig(base));
}
