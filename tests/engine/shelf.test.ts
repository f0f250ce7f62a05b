import { cpSync, mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type RunningEngine, startEngine, temporaryFolder } from "./server";

const lab = fileURLToPath(new URL("../../workers/lab/model", import.meta.url));

describe("a folder of models", () => {
  let engine: RunningEngine;
  let models: string;
  beforeAll(async () => {
    const folder = await temporaryFolder();
    models = path.join(folder, "models");
    mkdirSync(models);
    engine = await startEngine(lab, folder, ["--models", models]);
  });
  afterAll(() => engine.stop());

  const sample = (model: string) =>
    engine.post("/v1/completions", { model, prompt: [477, 422, 198], max_tokens: 4, temperature: 0, return_token_ids: true });
  const list = async () => {
    const body: unknown = await (await fetch(`${engine.url}/v1/models`)).json();
    return z.object({ data: z.array(z.object({ id: z.string(), max_model_len: z.number() })) }).parse(body).data;
  };

  it("serves what is added while it runs, under the folder's name, when it is first asked for", async () => {
    expect((await list()).map((m) => m.id)).toEqual(["tiny"]);
    expect((await sample("trained-1")).status).toBe(404);
    cpSync(lab, path.join(models, "trained-1"), { recursive: true });
    expect(await list()).toEqual([
      { id: "tiny", max_model_len: 2048 },
      { id: "trained-1", max_model_len: 2048 },
    ]);
    const [fixed, added] = await Promise.all([sample("tiny"), sample("trained-1")]);
    const tokens = z.object({ choices: z.array(z.object({ token_ids: z.array(z.number()) })) });
    expect(added.status).toBe(200);
    expect(tokens.parse(added.body)).toEqual(tokens.parse(fixed.body));
  });

  it("keeps a few open and opens the others again, all at once or one after the other", { timeout: 60_000 }, async () => {
    const names = [2, 3, 4, 5].map((n) => `trained-${n}`);
    for (const name of names) cpSync(lab, path.join(models, name), { recursive: true });
    for (const name of [...names, "trained-1", ...names]) expect((await sample(name)).status, name).toBe(200);
    const answers = await Promise.all(names.flatMap((name) => [sample(name), sample(name)]));
    // 503 is "ask again": an engine may close between being found and being asked.
    for (const { status } of answers) expect([200, 503]).toContain(status);
    const metrics = await (await fetch(`${engine.url}/metrics`)).text();
    const open = new Set([...metrics.matchAll(/model_name="(trained-\d)"/g)].map((m) => m[1]));
    expect(open.size).toBeGreaterThan(0);
  });

  it("never looks outside of the folder", async () => {
    for (const name of ["../tiny", "..", ".", "a/b", "/etc", "trained-1/../trained-1", "%2e%2e"])
      expect((await sample(name)).status, name).toBe(404);
  });
});
