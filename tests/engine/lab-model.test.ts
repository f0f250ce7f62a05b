import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type RunningEngine, startEngine, temporaryFolder } from "./server";

const model = fileURLToPath(new URL("../../workers/lab/model", import.meta.url));
const file = path.join(model, "vectors.json");
const vectorsSchema = z.object({
  sequences: z.array(z.object({ name: z.string(), ids: z.array(z.number()), logprobs: z.array(z.number()) })),
  texts: z.array(z.object({ text: z.string(), ids: z.array(z.number()) })),
});

/** The shipped model against what PyTorch and Hugging Face's tokenizer said about the same weights. */
describe.skipIf(!existsSync(file))("the lab model", () => {
  const vectors = existsSync(file)
    ? vectorsSchema.parse(JSON.parse(readFileSync(file, "utf8")))
    : { sequences: [], texts: [] };
  let engine: RunningEngine;
  beforeAll(async () => {
    engine = await startEngine(model, await temporaryFolder());
  });
  afterAll(() => engine.stop());

  it("gives PyTorch's log-probability of every token of given texts", async () => {
    for (const { ids, logprobs, name } of vectors.sequences) {
      const answer = await engine.post("/v1/completions", {
        prompt: ids,
        max_tokens: 1,
        temperature: 1,
        prompt_logprobs: 0,
      });
      const positions = z
        .object({
          choices: z.tuple([
            z.object({ prompt_logprobs: z.array(z.record(z.string(), z.object({ logprob: z.number() })).nullable()) }),
          ]),
        })
        .parse(answer.body).choices[0].prompt_logprobs;
      const worst = logprobs.reduce((most, expected, i) => {
        const got = positions[i + 1]?.[String(ids[i + 1])]?.logprob ?? Number.NaN;
        return Math.max(most, Math.abs(got - expected));
      }, 0);
      expect(worst, name).toBeLessThan(1e-3);
    }
  });

  it("gives Hugging Face's token ids, and the texts back", async () => {
    for (const { text, ids } of vectors.texts) {
      const { tokens } = z
        .object({ tokens: z.array(z.number()) })
        .parse((await engine.post("/tokenize", { prompt: text, add_special_tokens: false })).body);
      expect(tokens).toEqual(ids);
      expect((await engine.post("/detokenize", { tokens: ids })).body).toEqual({ prompt: text });
    }
  });
});
