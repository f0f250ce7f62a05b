import { describe, expect, it } from "vitest";
import { groupLineages, lineagesOf, seedWords, type TrainedModel } from "@/server/core/comparing/lineage";

const base: TrainedModel = { id: "base", name: "tiny", parentId: null, madeBy: null };

function trained(id: string, from: string, o: { kind?: string; seed?: number; source?: string; dataset?: string; options?: object; settings?: object; hints?: object | null } = {}): TrainedModel {
  const { kind = o.source === undefined ? "grpo" : "sft", seed = 1, source, dataset = `${source} rows`, options = {}, settings = {}, hints = null } = o;
  return {
    id,
    name: id,
    parentId: from,
    madeBy: {
      kind,
      baseId: from,
      settings: { name: id, seed, threads: seed, optimizer: { learningRate: 1e-6 }, ...(kind === "sft" ? { epochs: 4 } : { steps: 40, hints }), ...settings },
      dataset: source === undefined ? null : { name: dataset, source, settings: { ...options }, digest: dataset },
      problemSet: kind === "sft" ? null : "train",
    },
  };
}

const labels = (models: TrainedModel[]) => groupLineages([...lineagesOf(models).values()]).map((g) => g.label);

describe("lineages", () => {
  it("are called as the paper's rows are, in its order, what it does not have beside its kin", () => {
    const models = [
      trained("int rl", "int", {}),
      trained("int", "base", { source: "int" }),
      trained("think", "base", { source: "r1_think" }),
      trained("reflected", "base", { source: "self_reflection" }),
      trained("reflected rl", "reflected"),
      trained("referred rl", "referred"),
      trained("referred", "base", { source: "reference" }),
      trained("hinted", "base", { hints: { share: 0.5, hintShare: 0.5 } }),
      trained("rl", "base"),
      base,
    ];
    expect(labels(models)).toEqual([
      "base",
      "+ RL",
      "+ hint-guided RL",
      "+ SFT on reference",
      "+ SFT on reference + RL",
      "+ SFT on R1 think",
      "+ SFT on self-reflections",
      "+ SFT on self-reflections + RL",
      "+ InT",
      "+ InT + RL",
    ]);
  });

  it("make one row of seeds, in the order of the seeds, whatever the threads were", () => {
    const [, row] = groupLineages([...lineagesOf([base, trained("c", "base", { seed: 10 }), trained("a", "base", { seed: 2 }), trained("b", "base", { seed: 1 })]).values()]);
    expect(row?.label).toBe("+ RL");
    expect(row?.members.map((m) => [m.model, seedWords(m)])).toEqual([
      ["b", "1"],
      ["a", "2"],
      ["c", "10"],
    ]);
  });

  it("with other settings or data are other rows, which say in what they differ", () => {
    expect(labels([base, trained("a", "base"), trained("b", "base", { settings: { steps: 150 } })])).toEqual(["base", "+ RL (150 steps)", "+ RL (40 steps)"]);
    expect(
      labels([base, trained("a", "base", { source: "reference", dataset: "all" }), trained("b", "base", { source: "reference", dataset: "some" })]),
    ).toEqual(["base", "+ SFT on reference (all)", "+ SFT on reference (some)"]);
  });

  it("from before a setting was there, are rows with those that leave it at what it was", () => {
    const old = trained("a", "base", { source: "int", seed: 1 });
    const plain = trained("b", "base", { source: "int", seed: 2, settings: { holdOut: 0, lora: null } });
    expect(labels([base, old, plain])).toEqual(["base", "+ InT"]);
    const others = [
      trained("c", "base", { source: "int", settings: { holdOut: 0.1, lora: null } }),
      trained("d", "base", { source: "int", settings: { holdOut: 0, lora: { rank: 8, alpha: 16 } } }),
    ];
    expect(labels([base, old, plain, ...others])).toEqual([
      "base",
      "+ InT (10 % held out, all weights)",
      "+ InT (all rows, all weights)",
      "+ InT (all rows, alpha 16, LoRA of rank 8)",
    ]);
  });

  it("say what was cloned differently", () => {
    expect(labels([base, trained("a", "base", { source: "int", options: { withoutPrefix: true, unfiltered: true } })])).toEqual([
      "base",
      "+ InT, without prefix, unfiltered",
    ]);
  });

  it("name the model that they begin with where there are several", () => {
    expect(labels([base, { ...base, id: "other", name: "large" }, trained("a", "other")])).toEqual(["large", "tiny", "large + RL"]);
  });

  it("bear what is gone, what has no training, and a circle", () => {
    const orphan = trained("orphan", "nobody");
    expect(labels([orphan])).toEqual(["+ RL"]);
    const child: TrainedModel = { id: "child", name: "merged", parentId: "base", madeBy: null };
    expect(labels([base, child])).toEqual(["base", "+ merged"]);
    const round = [trained("x", "y"), trained("y", "x")];
    expect(() => labels(round)).not.toThrow();
  });
});
