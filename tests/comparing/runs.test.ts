import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { looksOf, meanCharts, metricsOf, seedCharts } from "@/components/comparing/run-curves";
import { ema } from "@/server/core/statistics/ema";
import type { ComparedLineage } from "@/server/core/views/comparing-runs";
import type { TrainingCurve } from "@/server/core/views/training";
import { comparedRuns } from "@/server/usecases/comparing/runs";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { seedLineages } from "../support/seed-lineages";

describe("the exponential mean", () => {
  it("is the weighted mean of all so far, right from the first value", () => {
    expect(ema([4, 4, 4], 0.9).map((v) => Number(v.toFixed(12)))).toEqual([4, 4, 4]);
    // Weights 1, 1/2, 1/4 by age: (8 + 0/2 + 4/4) / 1.75 for the third.
    const [a, b, c] = ema([4, 0, 8], 0.5);
    expect([a, b]).toEqual([4, (0 + 4 / 2) / 1.5]);
    expect(c).toBeCloseTo((8 + 0 / 2 + 4 / 4) / 1.75, 12);
    expect(ema([1, 2, 3], 0)).toEqual([1, 2, 3]);
    expect(() => ema([1], 1)).toThrow(RangeError);
  });
});

const training = (id: string, label: string): ComparedLineage["trainings"][number] => ({
  id, name: id, label, state: "done", step: 3, steps: 3, perStep: { prompts: 16, samples: 8 }, batchRows: null, modelId: null,
});
const lineages: ComparedLineage[] = [
  { label: "+ RL", kind: "grpo", trainings: [training("a", "seed 1"), training("b", "seed 2"), training("c", "seed 3")] },
  { label: "+ InT + RL", kind: "grpo", trainings: [training("d", "seed 1")] },
];
const curve = (trainingId: string, rewards: (number | null)[]): TrainingCurve => ({
  trainingId,
  points: rewards.map((reward, i) => {
    const values: Record<string, number> = reward === null ? {} : { reward };
    return { step: i + 1, values };
  }),
});
const curves = [curve("a", [0.1, 0.2, 0.3]), curve("b", [0.2, 0.2, null]), curve("c", [0.3, 0.2, 0.6]), curve("d", [0.5, 0.6])];

describe("runs side by side", () => {
  const looks = looksOf(lineages);
  const [reward] = metricsOf("grpo").slice(0, 1);
  if (reward === undefined) throw new Error("no metric");

  it("share a lineage's colour and differ by dash and marker", () => {
    const [a, b, , d] = looks.map((l) => l.line.look);
    expect(a?.stroke).toBe(b?.stroke);
    expect(a?.dash).not.toBe(b?.dash);
    expect(a?.marker).not.toBe(b?.marker);
    expect(d?.stroke).not.toBe(a?.stroke);
  });

  it("are smoothed over the raw line, which stays; what is missing is a gap", () => {
    const [chart] = seedCharts(looks, curves, [reward], 0.5);
    expect(chart?.data.rows[1]).toMatchObject({ step: 2, "raw a": 0.2, d: expect.closeTo((0.6 + 0.25) / 1.5, 12), "raw d": 0.6 });
    expect(chart?.data.rows[2]).not.toHaveProperty("b");
    expect(chart?.data.rows[2]).not.toHaveProperty("raw b");
    expect(chart?.table().columns.map((c) => c.label).slice(0, 3)).toEqual(["Step", "+ RL, seed 1", "+ RL, seed 1, smoothed"]);
    const [plain] = seedCharts(looks, curves, [reward], 0);
    expect(plain?.data.rows[0]).toEqual({ step: 1, a: 0.1, b: 0.2, c: 0.3, d: 0.5 });
  });

  it("with the loss on held-out rows have it at the steps that measured it, never smoothed", () => {
    const held = (trainingId: string, points: [number, number][]): TrainingCurve => ({ trainingId, points: points.map(([step, eval_loss]) => ({ step, values: { eval_loss } })) });
    const [metric] = metricsOf("sft").filter((m) => m.key === "eval_loss");
    if (metric === undefined) throw new Error("no such metric");
    const two = [held("a", [[0, 2], [5, 1]]), held("b", [[0, 2], [3, 1.5], [5, 1.5]])];
    const [chart] = seedCharts(looks, two, [metric], 0.9);
    expect(chart?.data).toMatchObject({ smoothed: false, rows: [{ step: 0, a: 2, b: 2 }, { step: 3, b: 1.5 }, { step: 5, a: 1, b: 1.5 }] });
    const [mean] = meanCharts(looks.slice(0, 2), two, [metric], 0.9);
    expect(mean?.data).toMatchObject({ smoothed: false, rows: [{ step: 0, "+ RL": 2 }, { step: 5, "+ RL": 1.25 }] });
  });

  it("are one line for a lineage with its interval over seeds, at the steps that all of its seeds have", () => {
    const [chart] = meanCharts(looks, curves, [reward], 0);
    expect(chart?.lines.map((l) => l.name)).toEqual(["+ RL (n = 3)", "+ InT + RL (n = 1)"]);
    const [one, two, three] = chart?.data.rows ?? [];
    expect(one?.["+ RL"]).toBeCloseTo(0.2, 12);
    // t(2) = 4.302653, s = 0.1: below 0 is cut, a share being what it is.
    expect(one?.["band + RL"]).toEqual([0, expect.closeTo(0.2 + (4.302653 * 0.1) / Math.sqrt(3), 5)]);
    expect(two?.["band + RL"]).toEqual([expect.closeTo(0.2, 12), expect.closeTo(0.2, 12)]);
    expect(three).toBeUndefined();
    expect(one).not.toHaveProperty("band + InT + RL");
    expect(chart?.table().columns.map((c) => c.label)).toEqual(["Step", "+ RL (n = 3)", "+ InT + RL (n = 1)", "+ RL (n = 3), low", "+ RL (n = 3), high"]);
  });
});

describe("the trainings of a study", () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase("compared-runs");
  });
  afterAll(async () => db.close());

  it("stand by lineage, one whose model is not there yet among its kin", async () => {
    const seeded = await seedLineages(db.pool, {
      study: "runs",
      sets: { train: 2 },
      models: [
        { name: "tiny" },
        ...[1, 2].map((seed) => ({ name: `rl ${seed}`, from: "tiny", training: { kind: "grpo" as const, seed, points: [{ reward: 0.1 }] } })),
        { name: "sft", from: "tiny", training: { kind: "sft" as const, seed: 1, dataset: { name: "rows", source: "reference" }, points: [{ loss: 1 }] } },
        { name: "sft rl", from: "sft", training: { kind: "grpo" as const, seed: 1 } },
      ],
    });
    // The last one still trains: what it makes is no model yet.
    await db.pool.query("UPDATE training SET model_id = NULL WHERE id = $1", [seeded.trainings["sft rl"]]);
    await db.pool.query("DELETE FROM model WHERE id = $1", [seeded.models["sft rl"]]);
    const view = await comparedRuns({ pool: db.pool }, { study: "runs" });
    expect(view.lineages.map((l) => [l.label, l.kind, l.trainings.map((t) => [t.label, t.step])])).toEqual([
      ["+ RL", "grpo", [["seed 1", 1], ["seed 2", 1]]],
      ["+ SFT on reference", "sft", [["seed 1", 1]]],
      ["+ SFT on reference + RL", "grpo", [["seed 1", 0]]],
    ]);
    expect(view.lineages[0]?.trainings[0]?.perStep).toEqual({ prompts: 16, samples: 8 });
    await expect(comparedRuns({ pool: db.pool }, { study: "none" })).rejects.toThrow("There is no study called “none”.");
  });
});
