import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { averagesOf, chosenColumns } from "@/server/core/comparing/choice";
import { stratifiedInterval } from "@/server/core/comparing/final-table";
import { finalTableMarkdown } from "@/server/core/comparing/markdown";
import { t95, tInterval } from "@/server/core/statistics/tInterval";
import type { FinalTable, ValueCell } from "@/server/core/views/comparing-table";
import { finalTable } from "@/server/usecases/comparing/final-table";
import { intervene } from "../cli/command";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { seedLineages } from "../support/seed-lineages";

describe("the t-interval over seeds", () => {
  it("has the tables' points", () => {
    // Student's t, two-sided 95 %: NIST/SEMATECH e-Handbook 1.3.6.7.2.
    for (const [df, t] of [[1, 12.706], [2, 4.303], [3, 3.182], [4, 2.776], [9, 2.262], [30, 2.042], [100, 1.984]] as const)
      expect(t95(df)).toBeCloseTo(t, 3);
  });
  it("is there from three values on", () => {
    expect(tInterval([0.1, 0.2])).toBeNull();
    // mean 0.2, s = 0.1, half = 4.302653 × 0.1 / √3.
    const of = tInterval([0.1, 0.2, 0.3]);
    expect(of?.value).toBeCloseTo(0.2, 12);
    expect(of?.low).toBeCloseTo(0.2 - 0.248414, 5);
    expect(of?.high).toBeCloseTo(0.2 + 0.248414, 5);
  });
});

describe("the choice of columns", () => {
  const sets = [
    { name: "A", problems: 4, most: 4 },
    { name: "B", problems: 2, most: 8 },
  ];
  it("is every set at pass@1 unless something is asked for, and says what is not there", () => {
    expect(chosenColumns(sets, {}).columns).toEqual([{ set: "A", k: 1 }, { set: "B", k: 1 }]);
    expect(chosenColumns(sets, { ks: [1, 8], sets: ["B"] }).columns).toEqual([{ set: "B", k: 1 }, { set: "B", k: 8 }]);
    expect(chosenColumns(sets, { sets: ["B", "C"] })).toEqual({ columns: [{ set: "B", k: 1 }], unknown: ["C"] });
    expect(chosenColumns(sets, { columns: [{ set: "B", k: 8 }, { set: "A", k: 1 }, { set: "B", k: 8 }] }).columns).toEqual([{ set: "B", k: 8 }, { set: "A", k: 1 }]);
  });
  it("has an average as the paper's, or one for each k, and none where a set would weigh twice", () => {
    expect(averagesOf([{ set: "A", k: 1 }, { set: "B", k: 8 }])).toEqual([{ label: "Average", columns: [0, 1] }]);
    expect(averagesOf([{ set: "A", k: 1 }, { set: "A", k: 8 }, { set: "B", k: 1 }, { set: "B", k: 8 }])).toEqual([
      { label: "Average pass@1", columns: [0, 2] },
      { label: "Average pass@8", columns: [1, 3] },
    ]);
    expect(averagesOf([{ set: "A", k: 1 }, { set: "A", k: 8 }, { set: "B", k: 1 }])).toEqual([]);
    expect(averagesOf([{ set: "A", k: 1 }, { set: "A", k: 8 }])).toEqual([]);
  });
});

describe("the interval of an average", () => {
  it("is that of independent means: its width is what the variances say", () => {
    const a = Float64Array.from({ length: 400 }, (_, i) => (i % 4 === 0 ? 1 : 0));
    const b = Float64Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? 1 : 0));
    const of = stratifiedInterval([a, b], 10_000, [0, 1]);
    expect(of.value).toBeCloseTo(0.375, 12);
    const se = Math.sqrt((0.25 * 0.75) / 400 + 0.25 / 100) / 2;
    expect((of.high - of.low) / (2 * 1.96 * se)).toBeCloseTo(1, 1);
  });
  it("without spread is open by the rule of three, and of one problem the whole range", () => {
    expect(stratifiedInterval([new Float64Array(30)], 1000, [0, 1])).toEqual({ value: 0, low: 0, high: 0.1 });
    expect(stratifiedInterval([Float64Array.of(0.5)], 1000, [0, 1])).toEqual({ value: 0.5, low: 0, high: 1 });
    expect(stratifiedInterval([new Float64Array(30)], 1000, [-1, 1])).toEqual({ value: 0, low: -0.1, high: 0.1 });
  });
});

describe("the table of a study", () => {
  let db: TestDatabase;
  let table: FinalTable;
  const ask = (query?: Parameters<typeof finalTable>[1]["query"]) => finalTable({ pool: db.pool }, { study: "table", query });
  const row = (label: string, of = table) => {
    const found = of.rows.find((r) => r.label === label);
    if (found === undefined) throw new Error(`no row ${label}: ${of.rows.map((r) => r.label).join(", ")}`);
    return found;
  };
  const value = (label: string, column: number, of = table): ValueCell => {
    const cell = row(label, of).cells[column];
    if (cell?.kind !== "value") throw new Error(`${label} has no value in column ${column}`);
    return cell;
  };

  beforeAll(async () => {
    db = await createTestDatabase("final-table");
    await seedLineages(db.pool, {
      study: "table",
      sets: { train: 20, test: 4 },
      models: [
        {
          name: "tiny",
          evaluations: [
            { set: "test", seed: 1, n: 4, correct: [0, 1, 2, 4] },
            { set: "test", seed: 2, n: 4, correct: [0, 0, 2, 4] },
            { set: "train", seed: 1, n: 2, correct: Array.from({ length: 20 }, () => 0) },
          ],
        },
        ...[1, 2, 3].map((seed) => ({
          name: `tiny + RL (seed ${seed})`,
          from: "tiny",
          training: { kind: "grpo" as const, seed },
          evaluations: [
            { set: "test", seed, n: 4, correct: [seed, 2, 3, 4] },
            { set: "train", seed, n: 2, correct: Array.from({ length: 20 }, (_, i) => (i < 18 ? 2 : 0)) },
          ],
        })),
        { name: "tiny + SFT", from: "tiny", training: { kind: "sft", seed: 1, dataset: { name: "rows", source: "int" } }, evaluations: [{ set: "test", seed: 1, n: 4, correct: [1, 1], state: "running" }] },
      ],
    });
    table = await ask({ ks: [1, 4] });
  });
  afterAll(async () => db.close());

  it("has a row for each lineage, its seeds in it, and every benchmark that was evaluated", () => {
    expect(table.sets).toEqual([
      { name: "test", problems: 4, most: 8 },
      { name: "train", problems: 20, most: 2 },
    ]);
    expect(table.rows.map((r) => [r.label, r.partsAre, r.parts.map((p) => p.label)])).toEqual([
      ["base", "evaluations", ["samples 1", "samples 2"]],
      ["+ RL", "seeds", ["seed 1", "seed 2", "seed 3"]],
      ["+ InT", "one", ["seed 1"]],
    ]);
    expect(table.columns.map((c) => `${c.set}@${c.k}`)).toEqual(["test@1", "test@4", "train@1", "train@4"]);
    expect(table.baseline).toBe("base");
  });

  it("pools the samples of one model and averages over models, unbiased at each k", () => {
    // Base: 0, 1, 4, 8 of 8.
    const base = value("base", 0);
    expect(base.of.value).toBeCloseTo((0 + 1 / 8 + 4 / 8 + 1) / 4, 12);
    expect([base.problems, base.samples, base.models, base.leftOut]).toEqual([4, [8, 8], 1, 0]);
    expect(base.parts).toEqual([(0 + 0.25 + 0.5 + 1) / 4, (0 + 0 + 0.5 + 1) / 4]);
    // pass@4 of 1 of 8: 1 − C(7,4)/C(8,4) = 1/2; of 4 of 8: 1 − 1/70.
    expect(value("base", 1).of.value).toBeCloseTo((0 + 0.5 + 69 / 70 + 1) / 4, 12);
    // RL at pass@1: the seeds have 1, 2, 3 of 4 on the first problem, 2, 3, 4 of 4 on the others.
    const rl = value("+ RL", 0);
    expect(rl.of.value).toBeCloseTo((0.5 + 0.5 + 0.75 + 1) / 4, 12);
    expect(rl.parts.map((p) => Number(p?.toFixed(6)))).toEqual([0.625, 0.6875, 0.75]);
    expect([rl.samples, rl.models]).toEqual([[4, 4], 3]);
    // t-interval over the seeds: mean 0.6875, s = 0.0625.
    expect(rl.overParts?.low).toBeCloseTo(0.6875 - (4.302653 * 0.0625) / Math.sqrt(3), 5);
    expect(rl.of.low).toBeLessThan(rl.of.value);
    expect(rl.of.high).toBeGreaterThan(rl.of.value);
  });

  it("pairs each row with the baseline on the same problems, with Holm's p", () => {
    const { against } = value("+ RL", 0);
    expect(against?.problems).toBe(4);
    expect(against?.difference.value).toBeCloseTo((0.5 + 0.375 + 0.25 + 0) / 4, 12);
    // Three differing problems, all to one side: 2 of 8 assignments lie as far out.
    expect(against?.p).toBeCloseTo(0.25, 12);
    // Of the two rows of the column InT's two problems give p = 1/2 (two differing) or 1.
    expect(against?.adjusted).toBeCloseTo(0.5, 12);
    expect(value("base", 0).against).toBeNull();
    const onTrain = value("+ RL", 2);
    expect(onTrain.against?.difference.value).toBeCloseTo(0.9, 12);
    expect(onTrain.against?.p).toBeLessThan(0.001);
  });

  it("marks the best alone where it is certain", () => {
    expect(value("+ RL", 0).best).toBe(true);
    expect(value("+ RL", 2).best).toBe(true);
    expect(value("base", 2).best).toBe(false);
  });

  it("leaves a gap with its reason, never a zero", () => {
    expect(row("base").cells[3]).toEqual({ kind: "gap", reason: "k = 4 needs 4 samples of a problem; there are 2" });
    expect(row("+ InT").cells[2]).toEqual({ kind: "gap", reason: "not evaluated on train" });
    expect(value("base", 2).of).toEqual({ value: 0, low: 0, high: 0.15 });
  });

  it("says what is still at work, and averages what is whole", async () => {
    expect(row("+ InT").atWork).toBe(true);
    expect(value("+ InT", 0).problems).toBe(2);
    expect(table.averages.map((a) => a.label)).toEqual(["Average pass@1", "Average pass@4"]);
    const [average, at4] = row("+ RL").averages;
    expect(average?.kind === "value" && average.of.value).toBeCloseTo((0.6875 + 0.9) / 2, 12);
    expect(average?.kind === "value" && average.against?.difference.value).toBeCloseTo((0.28125 + 0.9) / 2, 12);
    expect(at4).toEqual({ kind: "gap", reason: "pass@4 on train is missing" });
  });

  it("takes another baseline, and refuses what is not there in a sentence", async () => {
    const other = await ask({ sets: ["test"], baseline: "+ RL" });
    expect(value("base", 0, other).against?.difference.value).toBeCloseTo(-0.28125, 12);
    expect(value("+ RL", 0, other).against).toBeNull();
    await expect(ask({ baseline: "+ magic" })).rejects.toThrow('There is no row “+ magic” to compare with. The rows are “base”, “+ RL”, “+ InT”.');
    await expect(ask({ sets: ["nothing"] })).rejects.toThrow("Nothing was evaluated on “nothing”. There are evaluations on “test”, “train”.");
  });

  it("is the same each time, and plain data", async () => {
    expect(JSON.parse(JSON.stringify(await ask({ ks: [1, 4] })))).toEqual(JSON.parse(JSON.stringify(table)));
  });

  it("as Markdown has every figure, every reason, and the paper's apart", () => {
    const text = finalTableMarkdown(table);
    expect(text).toContain("| run | seeds | test pass@1 | test pass@4 | train pass@1 | train pass@4 | Average pass@1 | Average pass@4 |");
    expect(text).toMatch(/\| \+ RL \| 1, 2, 3 \| \*\*68\.8 \[/);
    expect(text).toContain("| base | 1 model, sampled 2 times | 40.6 [");
    expect(text).toContain("- base, train pass@4: no value, k = 4 needs 4 samples of a problem; there are 2.");
    expect(text).toMatch(/\| \+ InT \(still sampling\) /);
    expect(text).toContain("| + RL | 4 × 4 × 3 |");
    expect(text).toContain("Published figures (arXiv 2601.14209");
    expect(text).toContain("| + InT + RL | 25.62 | 49.77 | 36.16 | 28.22 | 28.83 | 33.72 |");
  });

  it("is printed by the command", async () => {
    const env = { DATABASE_URL: db.url };
    const [markdown, refused] = await Promise.all([
      intervene(["table", "--study", "table", "--k", "1,4"], { env }),
      intervene(["table", "--study", "table", "--baseline", "+ magic"], { env }),
    ]);
    expect(markdown.out).toBe(finalTableMarkdown(table));
    expect(markdown.err).toContain("still at work");
    expect([refused.status, refused.out]).toEqual([2, ""]);
    expect(refused.err).toContain("There is no row “+ magic”");
  }, 60_000);

  it("of a study without evaluations is empty", async () => {
    await seedLineages(db.pool, { study: "empty", sets: { train: 1 }, models: [{ name: "tiny" }] });
    const none = await finalTable({ pool: db.pool }, { study: "empty" });
    expect([none.rows, none.columns, none.baseline]).toEqual([[], [], null]);
    expect(finalTableMarkdown(none)).toBe("Nothing was evaluated yet.\n");
  });
});
