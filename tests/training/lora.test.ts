/** Adapters from the page's request to an evaluation: real TRL and peft where they are installed, a stand-in for vLLM in front of the real engine. */
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { folderKind } from "@/server/inference/model-folder";
import { startRecipe } from "@/server/usecases/start-recipe";
import { pythonWith } from "../export/support/python";
import { allDone, until } from "../pipeline/support/study";
import { vllmStandIn } from "./support/gpu-servers";
import { SMALL, trainingSetup } from "./support/setup";

// Each training imports torch, half a minute on a machine that is busy.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 300_000 });

const PYTHON = pythonWith("trl", "torch", "peft");
let setup: Awaited<ReturnType<typeof trainingSetup>>;
let vllm: Awaited<ReturnType<typeof vllmStandIn>>;

beforeAll(async () => {
  if (PYTHON !== null) vi.stubEnv("TRAINER_PYTHON", PYTHON);
  setup = await trainingSetup("lora", {
    inference: async (engineUrl, home) => {
      vllm = await vllmStandIn(engineUrl, { models: path.join(home, "models") });
      return vllm.url;
    },
  });
});
afterAll(async () => {
  await setup.close();
  await vllm.close();
  vi.unstubAllEnvs();
});

const modelOf = async (runId: string | undefined) => {
  const { modelId } = await setup.trainingOf(runId);
  return setup.deps.prisma.model.findUniqueOrThrow({ where: { id: modelId ?? "" } });
};
const folderOf = (model: { servedName: string }) => path.join(setup.home, "models", model.servedName);

test("the embedded trainer is not asked for adapters", async () => {
  const asked = startRecipe(setup.deps, { recipe: "sft", study: "lora", model: "lab", training: { dataset: "references", loraRank: 8 }, inference: null });
  await expect(asked).rejects.toMatchObject({ kind: "bad_input", message: expect.stringContaining("trained by TRL in Python") });
});

describe.skipIf(PYTHON === null)("with TRL", () => {
  test("SFT, then RL of the same adapter, loaded into vLLM under new names, and evaluated there", async () => {
    const { pipelineId, runIds } = await setup.start({ dataset: "references", rl: { problemSet: "train" }, evaluate: ["test"], samples: 1, trainer: "trl", loraRank: 4 });
    const runs = await until(setup.deps, pipelineId, "the chain", (all) => all.every((r) => r.state !== "queued" && r.state !== "running"), 500_000);
    expect(runs.map((r) => [r.stage, r.state, r.message])).toEqual(["sft", "rl", "rollout", "grade"].map((stage) => [stage, "done", ""]));
    const [sft, rl] = [await modelOf(runIds[0]), await modelOf(runIds[1])];
    for (const model of [sft, rl]) {
      expect(await folderKind(folderOf(model))).toBe("adapter");
      expect(vllm.adapters.get(model.servedName)).toBe(folderOf(model));
    }
    // Rates of adapters are ten times those of all weights.
    expect((await setup.trainingOf(runIds[0])).spec).toMatchObject({ lora: { rank: 4, alpha: 8 }, merge: false, optimizer: { learningRate: 5e-4 } });
    expect((await setup.trainingOf(runIds[1])).spec).toMatchObject({ model: folderOf(sft), merge: false });
    expect(await setup.deps.prisma.attempt.count({ where: { modelId: rl.id, reward: { not: null } } })).toBe(8);

    const other = await setup.start({ model: rl, rl: { problemSet: "train" }, trainer: "trl", loraRank: 16 });
    const embedded = await setup.start({ model: rl, dataset: "references" });
    const over = (id: string) => until(setup.deps, id, "its end", (all) => all.every((r) => r.state === "failed"));
    expect((await over(other.pipelineId))[0]?.message).toMatch(/is an adapter of rank 4, and goes on as one: ask for that rank, not for 16/);
    expect((await over(embedded.pipelineId))[0]?.message).toMatch(/is an adapter \(LoRA\): TRL can go on with it/);
  });

  test("a server that loads no adapters is given a whole model", async () => {
    vllm.switches.allowed = false;
    const { pipelineId, runIds } = await setup.start({ dataset: "references", trainer: "trl", loraRank: 4, change: SMALL });
    await until(setup.deps, pipelineId, "the chain", allDone, 300_000);
    expect((await setup.trainingOf(runIds[0])).spec).toMatchObject({ lora: { rank: 4, alpha: 8 }, merge: true });
    expect(await folderKind(folderOf(await modelOf(runIds[0])))).toBe("model");
  });
});
