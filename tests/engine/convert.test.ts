import { readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { Tokenizer } from "@huggingface/tokenizers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LoadedGguf, loadGguf } from "@/workers/engine/addon";
import { convertFolder, ggufFor } from "@/workers/engine/convert";
import { floatToHalf, halfToFloat } from "@/workers/engine/floats";
import { LogprobReader } from "@/workers/engine/logprobs";
import { temporaryFolder } from "./server";
import { referenceLogprobs, TEMPLATE, TINY, tinyTokenizer, tinyTokenizerConfig, writeTinyModel } from "./tiny-qwen3";

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Log-probability of each token of `ids` after the first, by llama.cpp with float32 keys and values. */
async function scored(model: LoadedGguf, ids: number[]): Promise<number[]> {
  const context = await model.createContext({
    ...{ contextSize: 512, batchSize: 512, sequences: 1, threads: 1, flashAttention: false },
    ...{ kvCacheKeyType: 0, kvCacheValueType: 0 },
  });
  context.initBatch(512);
  const logits = context.addToBatch(0, 0, Uint32Array.from(ids), Uint32Array.from(ids.keys()));
  await context.decodeBatch();
  const reader = new LogprobReader(model);
  const result: number[] = [];
  for (let i = 0; i + 1 < ids.length; i++) {
    const [given] = await reader.read(context, logits[i] ?? 0, ids[i + 1] ?? 0, 0);
    result.push(given?.logprob ?? Number.NaN);
  }
  await context.dispose();
  return result;
}

describe("a Hugging Face folder as GGUF", () => {
  for (const [format, tied] of [
    ["F16", true],
    ["BF16", false],
    ["F32", false],
  ] as const) {
    it(`gives the log-probabilities of the equations, from ${format} weights, ${tied ? "tied" : "untied"}`, async () => {
      const shape = { ...TINY, tied };
      const weights = await writeTinyModel(path.join(folder, format), shape, format);
      const model = await loadGguf(await ggufFor(path.join(folder, format), path.join(folder, "cache")), false);
      const ids = Array.from({ length: 40 }, (_, i) => (i * 37 + 11) % 262);
      const expected = referenceLogprobs(shape, weights, ids);
      const got = await scored(model, ids);
      got.forEach((logprob, i) => {
        expect(Math.abs(logprob - (expected[i]?.[ids[i + 1] ?? 0] ?? Number.NaN))).toBeLessThan(1e-4);
      });
      await model.dispose();
    });
  }

  it("keeps the tokenizer: ids and texts are Hugging Face's", async () => {
    await writeTinyModel(path.join(folder, "tokens"), TINY, "F16");
    const model = await loadGguf(await ggufFor(path.join(folder, "tokens"), path.join(folder, "cache")), false);
    const reference = new Tokenizer(tinyTokenizer(), tinyTokenizerConfig);
    for (const text of [
      "<|im_start|>user\nthe cat and 123 + 45 = 168.\n\nSo the answer<|im_end|>\n",
      "$x^{2}$\n\n  \\boxed{12}\t<think>naïve café — 𝒳 你好</think>",
      "\n\n\nthe  the's   ",
    ]) {
      const ids = Array.from(model.addonModel.tokenize(text, true));
      expect(ids).toEqual(reference.encode(text, { add_special_tokens: false }).ids);
      expect(model.addonModel.detokenize(Uint32Array.from(ids), true)).toBe(text);
    }
    expect(model.chatTemplate).toBe(TEMPLATE);
    expect(model.eosText).toBe("<|im_end|>");
    await model.dispose();
  });

  it("is converted once, and again when the weights change", async () => {
    const [source, cache] = [path.join(folder, "again"), path.join(folder, "again-cache")];
    await writeTinyModel(source, TINY, "F16", 1);
    const first = await ggufFor(source, cache);
    expect(await ggufFor(source, cache)).toBe(first);
    await writeTinyModel(source, TINY, "F16", 2);
    expect(await ggufFor(source, cache)).not.toBe(first);
    expect((await readdir(cache)).every((name) => name.endsWith(".gguf"))).toBe(true);
  });

  it("says what is wrong with a folder that it cannot convert, and leaves nothing behind", async () => {
    const source = path.join(folder, "llama");
    await writeTinyModel(source, TINY, "F16");
    await writeFile(path.join(source, "config.json"), JSON.stringify({ model_type: "llama" }));
    const target = path.join(folder, "wrong", "x.gguf");
    await expect(convertFolder(source, target)).rejects.toThrow(/only model_type qwen3 can be converted/);
    await expect(readdir(path.dirname(target))).rejects.toThrow();
    await expect(ggufFor(path.join(folder, "absent"), folder)).rejects.toThrow(/There is no model/);
  });
});

describe("half floats", () => {
  it("survive a round trip, and rounding goes to the nearest", () => {
    for (let bits = 0; bits < 0x7c00; bits++) expect(floatToHalf(halfToFloat(bits))).toBe(bits);
    expect(floatToHalf(1 + 2 ** -11)).toBe(floatToHalf(1));
    expect(floatToHalf(1 + 3 * 2 ** -11)).toBe(floatToHalf(1 + 2 ** -9));
    expect(halfToFloat(floatToHalf(65520))).toBe(Number.POSITIVE_INFINITY);
    expect(halfToFloat(floatToHalf(-65519))).toBe(-65504);
  });
});
