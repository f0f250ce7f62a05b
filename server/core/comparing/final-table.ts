/** The figures of the final table, from counts alone. */
import { holmAdjusted } from "../statistics/holm";
import { type Interval, percentileBounds, RESAMPLES, ruleOfThree } from "../statistics/intervals";
import { passAtK } from "../statistics/passAtK";
import { pairedDifference } from "../statistics/pairedBootstrap";
import { signFlipTest } from "../statistics/permutation";
import { resampledSums } from "../statistics/resample";
import { tInterval } from "../statistics/tInterval";
import type { Against, AverageCell, FinalRow, GapCell, RowPart, TableAverage, TableColumn, ValueCell } from "../views/comparing-table";

/** Graded samples of one evaluation run at one problem. */
export interface EvaluationCount {
  runId: string;
  problemId: string;
  n: number;
  c: number;
}

/** An evaluation run as far as the table is concerned. */
export interface EvaluationRun {
  runId: string;
  modelId: string;
  set: string;
  /** Seed of its samples. */
  seed: number | null;
  /** How it sampled, as one text: two evaluations with other texts are not alike. */
  sampling: string;
  atWork: boolean;
}

/** A row before its figures. */
export interface RowModels {
  label: string;
  models: readonly { id: string; name: string; seed: string | null }[];
}

interface Counted {
  runs: readonly EvaluationRun[];
  counts: ReadonlyMap<string, readonly EvaluationCount[]>;
}

/** Per problem, the row's value in a column. */
type Values = Map<string, number>;

interface Figures {
  values: Values;
  parts: (number | null)[];
  cell: ValueCell;
}

/** Figures of a row, as the table's columns and averages. */
export type RowCells = Pick<FinalRow, "cells" | "averages">;

/** Counts by their run. */
export function byRun(counts: readonly EvaluationCount[]): Map<string, EvaluationCount[]> {
  const map = new Map<string, EvaluationCount[]>();
  for (const count of counts) {
    const list = map.get(count.runId);
    if (list === undefined) map.set(count.runId, [count]);
    else list.push(count);
  }
  return map;
}

/** Parts of a row: its models, or, where it has one alone, that one's evaluations by the seed of their samples. */
export function partsOf(row: RowModels, runs: readonly EvaluationRun[]): { parts: RowPart[]; partsAre: FinalRow["partsAre"] } {
  const mine = (modelId: string) => runs.filter((r) => r.modelId === modelId);
  const [only] = row.models;
  if (row.models.length === 1 && only !== undefined) {
    const seeds = [...new Set(mine(only.id).map((r) => r.seed))].sort((a, b) => (a ?? 0) - (b ?? 0));
    const parts = seeds.map((seed) => ({
      label: seed === null ? "samples" : `samples ${seed}`,
      model: only.name,
      modelId: only.id,
      runs: mine(only.id).flatMap((r) => (r.seed === seed ? [r.runId] : [])),
    }));
    if (parts.length > 1) return { parts, partsAre: "evaluations" };
    return { parts: [{ label: only.seed === null ? only.name : `seed ${only.seed}`, model: only.name, modelId: only.id, runs: mine(only.id).map((r) => r.runId) }], partsAre: "one" };
  }
  const parts = row.models.map((m) => ({
    label: m.seed === null ? m.name : `seed ${m.seed}`,
    model: m.name,
    modelId: m.id,
    runs: mine(m.id).map((r) => r.runId),
  }));
  return { parts, partsAre: "seeds" };
}

/**
 * All cells of the table. Samples of one model are pooled over its evaluations; a row's value of a problem is the mean of its
 * models' unbiased pass@k; a cell is the mean of those over the problems that all its models have k samples of.
 *
 * @param rows in order, with their parts.
 * @param baseline index of the row that the others are compared with.
 */
export function tableCells(
  rows: readonly (RowModels & { parts: readonly RowPart[]; partsAre: FinalRow["partsAre"] })[],
  columns: readonly TableColumn[],
  averages: readonly TableAverage[],
  baseline: number,
  runs: readonly EvaluationRun[],
  counts: readonly EvaluationCount[],
  resamples: number = RESAMPLES,
): RowCells[] {
  const data: Counted = { runs, counts: byRun(counts) };
  const grid = rows.map((row) => columns.map((column) => figuresOf(row, column, data, resamples)));
  for (const [j] of columns.entries()) {
    compare(
      grid.map((row) => row[j]).map((f) => (f === undefined || "kind" in f ? null : { strata: [[...f.values]], cell: f.cell })),
      baseline,
      resamples,
    );
  }
  const means = averages.map((average) => rows.map((_, i) => averageOf(average.columns.map((j) => grid[i]?.[j]), average, columns, resamples)));
  for (const [a, average] of averages.entries()) {
    compare(
      (means[a] ?? []).map((cell, i) => {
        if (cell.kind === "gap") return null;
        const strata = average.columns.map((j) => {
          const f = grid[i]?.[j];
          return f === undefined || "kind" in f ? [] : [...f.values];
        });
        return { strata, cell };
      }),
      baseline,
      resamples,
    );
  }
  return rows.map((_, i) => ({
    cells: (grid[i] ?? []).map((f) => ("kind" in f ? f : f.cell)),
    averages: averages.map((_, a) => means[a]?.[i] ?? { kind: "gap", reason: "there is no value" }),
  }));
}

/** One row in one column. */
function figuresOf(
  row: RowModels & { parts: readonly RowPart[]; partsAre: FinalRow["partsAre"] },
  { set, k }: TableColumn,
  data: Counted,
  resamples: number,
): Figures | GapCell {
  const runs = data.runs.filter((r) => r.set === set && row.models.some((m) => m.id === r.modelId));
  if (runs.length === 0) return { kind: "gap", reason: `not evaluated on ${set}` };
  const pooled = row.models
    .map((m) => pool(runs.filter((r) => r.modelId === m.id).flatMap((r) => data.counts.get(r.runId) ?? [])))
    .filter((counts) => counts.size > 0);
  const seen = new Set(pooled.flatMap((counts) => [...counts.keys()]));
  if (seen.size === 0) return { kind: "gap", reason: runs.some((r) => r.atWork) ? "nothing graded yet" : "no graded sample" };
  const values: Values = new Map();
  let [fewest, most] = [Number.POSITIVE_INFINITY, 0];
  for (const id of [...seen].sort()) {
    const each = pooled.map((counts) => counts.get(id) ?? { n: 0, c: 0 });
    const low = Math.min(...each.map((e) => e.n));
    if (low < k) continue;
    fewest = Math.min(fewest, low);
    most = Math.max(most, ...each.map((e) => e.n));
    values.set(id, mean(each.map((e) => passAtK(e.n, e.c, k))));
  }
  if (values.size === 0) {
    const n = Math.max(...pooled.flatMap((counts) => [...counts.values()].map((e) => e.n)));
    return { kind: "gap", reason: n < k ? `k = ${k} needs ${k} samples of a problem; there are ${n}` : `no problem has ${k} samples by every seed` };
  }
  const parts = row.parts.map((part) => {
    const counts = pool(runs.filter((r) => part.runs.includes(r.runId)).flatMap((r) => data.counts.get(r.runId) ?? []));
    const own = [...values.keys()].flatMap((id) => {
      const e = counts.get(id);
      return e === undefined || e.n < k ? [] : [passAtK(e.n, e.c, k)];
    });
    return own.length < values.size ? null : mean(own);
  });
  const cell: ValueCell = {
    kind: "value",
    of: meanInterval([...values.values()], resamples),
    problems: values.size,
    samples: [fewest, most],
    models: pooled.length,
    leftOut: seen.size - values.size,
    parts,
    overParts: overParts(parts),
    against: null,
    best: false,
    runs: runs.map((r) => r.runId),
  };
  return { values, parts, cell };
}

/** Counts of one model's runs, added up by problem. */
function pool(counts: readonly EvaluationCount[]): Map<string, { n: number; c: number }> {
  const sums = new Map<string, { n: number; c: number }>();
  for (const { problemId, n, c } of counts) {
    if (n === 0) continue;
    const sum = sums.get(problemId) ?? { n: 0, c: 0 };
    sums.set(problemId, { n: sum.n + n, c: sum.c + c });
  }
  return sums;
}

/** The mean of some columns; a gap where one of them is. */
function averageOf(
  figures: readonly (Figures | GapCell | undefined)[],
  { columns: indices }: TableAverage,
  columns: readonly TableColumn[],
  resamples: number,
): AverageCell | GapCell {
  const there: Figures[] = [];
  for (const [i, f] of figures.entries()) {
    if (f !== undefined && !("kind" in f)) there.push(f);
    else {
      const column = columns[indices[i] ?? 0];
      return { kind: "gap", reason: `pass@${column?.k} on ${column?.set} is missing` };
    }
  }
  const [first] = there;
  if (first === undefined) return { kind: "gap", reason: "no column is chosen" };
  const parts = first.parts.map((_, p) => {
    const own = there.map((f) => f.parts[p] ?? null);
    return own.includes(null) ? null : mean(own.flatMap((v) => (v === null ? [] : [v])));
  });
  const of = stratifiedInterval(there.map((f) => Float64Array.from(f.values.values())), resamples, [0, 1]);
  return { kind: "value", of, parts, overParts: overParts(parts), against: null, best: false };
}

/** A row in one column or average: its values by problem, one list for each benchmark that is averaged. */
interface Compared {
  strata: readonly (readonly (readonly [string, number])[])[];
  cell: { of: Interval; against: Against | null; best: boolean };
}

/** Fill in what a column's rows are against the baseline, and which of them is the best. */
function compare(rows: readonly (Compared | null)[], baseline: number, resamples: number): void {
  const base = rows[baseline] ?? null;
  const found = rows.map((row, i) => (base === null || row === null || i === baseline ? null : against(row, base, resamples)));
  const adjusted = holmAdjusted(found.map((f) => f?.p ?? null));
  for (const [i, row] of rows.entries()) {
    const f = found[i];
    if (row !== null && f != null) row.cell.against = { ...f, adjusted: adjusted[i] ?? f.p };
  }
  // The leader is told from the others only where each of them is surely behind it.
  const [first, ...others] = rows.flatMap((r) => (r === null ? [] : [r])).sort((a, b) => b.cell.of.value - a.cell.of.value);
  if (first === undefined || others.length === 0) return;
  first.cell.best = others.every((other) => {
    const lead = leadOver(first, other, resamples);
    return lead !== null && lead.low > 0;
  });
}

function against(row: Compared, base: Compared, resamples: number): Omit<Against, "adjusted"> | null {
  const differences = differencesOf(row, base);
  const difference = leadOver(row, base, resamples);
  if (differences === null || difference === null) return null;
  // In an average a problem weighs as much as its benchmark's mean gives it.
  const weighted = differences.flatMap((d) => [...d].map((v) => v / d.length));
  const test = signFlipTest(weighted, new Float64Array(weighted.length));
  return test === null ? null : { difference, problems: weighted.length, p: test.p };
}

/** The mean difference of two rows on the problems that both have, with its paired interval. */
function leadOver(row: Compared, other: Compared, resamples: number): Interval | null {
  const differences = differencesOf(row, other);
  const [only] = differences ?? [];
  if (differences === null || only === undefined) return null;
  if (differences.length > 1) return stratifiedInterval(differences, resamples, [-1, 1]);
  const paired = pairedDifference(only, new Float64Array(only.length), { resamples });
  return paired === null ? null : { value: paired.value, low: paired.low, high: paired.high };
}

/** Differences by problem, one list for each benchmark; null where they share no problem of one of them. */
function differencesOf(row: Compared, other: Compared): Float64Array[] | null {
  const lists = row.strata.map((values, s) => {
    const theirs = new Map(other.strata[s] ?? []);
    return Float64Array.from(
      values.flatMap(([id, mine]) => {
        const their = theirs.get(id);
        return their === undefined ? [] : [mine - their];
      }),
    );
  });
  return lists.some((list) => list.length === 0) ? null : lists;
}

/** Mean over problems with its bootstrap interval; nothing right (or wrong) is bounded by the rule of three. */
function meanInterval(values: readonly number[], resamples: number): Interval {
  return stratifiedInterval([Float64Array.from(values)], resamples, [0, 1]);
}

/**
 * The mean of some means, each over problems of its own, with the 95 % bootstrap over the problems of each. Without any
 * spread the rule of three over all problems bounds the open side.
 *
 * @param range what a value can be: the interval of a single problem.
 */
export function stratifiedInterval(strata: readonly Float64Array[], resamples: number, range: readonly [number, number]): Interval {
  const value = mean(strata.map((s) => mean([...s])));
  const problems = strata.reduce((sum, s) => sum + s.length, 0);
  if (problems === 1) return { value, low: range[0], high: range[1] };
  if (strata.every((s) => s.every((v) => v === s[0]))) {
    const open = ruleOfThree(problems);
    if (range[0] === 0) return { value, low: value === 0 ? 0 : Math.max(0, value - open), high: value === 1 ? 1 : Math.min(1, value + open) };
    return { value, low: Math.max(range[0], value - open), high: Math.min(range[1], value + open) };
  }
  const totals = new Float64Array(resamples);
  for (const [i, s] of strata.entries()) {
    const [sums] = resampledSums([s], resamples, i + 1);
    const weight = 1 / (s.length * strata.length);
    for (let r = 0; r < resamples; r++) totals[r] = (totals[r] ?? 0) + (sums?.[r] ?? 0) * weight;
  }
  return { value, ...percentileBounds(totals) };
}

function overParts(parts: readonly (number | null)[]): Interval | null {
  return parts.includes(null) ? null : tInterval(parts.flatMap((p) => (p === null ? [] : [p])));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}
