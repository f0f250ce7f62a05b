import { averagesOf, chosenColumns } from "../../core/comparing/choice";
import { byRun, type EvaluationCount, type EvaluationRun, partsOf, type RowModels } from "../../core/comparing/final-table";
import { groupLineages, lineagesOf, seedWords } from "../../core/comparing/lineage";
import { RESAMPLES } from "../../core/statistics/intervals";
import type { FinalTable, FinalTableQuery, TableColumn, TableSet } from "../../core/views/comparing-table";
import { InterveneError } from "../../errors";
import { evaluationRuns, trainedModels } from "../../store/views/comparing-table";
import { runCounts } from "../../store/views/counts";
import { type PageDeps, studyOf } from "../pages/find";
import { compute } from "../statistics/compute";

/** Fewest resamples of an interval: its bounds then move by some 3 % of its width from seed to seed. */
const FEWEST_RESAMPLES = 2_000;
/** Draws (cells × problems × resamples) that a page may cost: some tenths of a second. */
const AFFORDABLE = 1e8;

/**
 * The final table: every evaluated lineage on any choice of benchmarks and k, with intervals and paired differences to a
 * baseline row (method.md, "What users compare").
 *
 * @param input.lenient for addresses: a benchmark or row that is not there is passed over (and named) instead of refused.
 * @param input.resamples of each interval; default: 10,000, fewer for a large table.
 * @throws InterveneError("not_found") for a study, benchmark or baseline row that is not there.
 */
export async function finalTable(
  deps: PageDeps,
  input: { study: string; query?: FinalTableQuery; resamples?: number; lenient?: boolean },
): Promise<FinalTable> {
  const study = await studyOf(deps, input.study);
  const query = input.query ?? {};
  const [models, allRuns] = await Promise.all([trainedModels(deps.pool, study.id), evaluationRuns(deps.pool, study.id)]);
  const all = await runCounts(deps.pool, allRuns.map((r) => r.runId));
  const counts = byRun(all);
  const sets = setsOf(allRuns, counts);
  // An evaluation that was cancelled before its first sample is no row; one that is at work is, with gaps.
  const runs = allRuns.filter((r) => counts.has(r.runId) || r.atWork);
  const rows = rowsOf(models, runs);
  const { columns, unknown } = chosenColumns(sets, query);
  const named = rows.findIndex((row) => row.label === query.baseline);
  const lost = query.baseline !== undefined && named < 0 && rows.length > 0 ? query.baseline : null;
  if (input.lenient !== true) {
    if (unknown.length > 0)
      throw new InterveneError(
        "not_found",
        `Nothing was evaluated on ${quoted(unknown)}. ${sets.length === 0 ? "No evaluation has a graded sample yet." : `There are evaluations on ${quoted(sets.map((s) => s.name))}.`}`,
      );
    if (lost !== null)
      throw new InterveneError("not_found", `There is no row “${lost}” to compare with. The rows are ${quoted(rows.map((r) => r.label))}.`);
  }
  const baseline = Math.max(0, named);
  const averages = averagesOf(columns);
  const resamples = input.resamples ?? affordable(rows.length, columns, averages.length, sets);
  const figures = await compute("tableCells", rows.map(plain), columns, averages, baseline, runs, all, resamples);
  return {
    study: study.name,
    sets,
    columns,
    averages,
    baseline: rows[baseline]?.label ?? null,
    resamples,
    passedOver: [...unknown, ...(lost === null ? [] : [lost])],
    rows: rows.map((row, i) => ({
      label: row.label,
      baseline: i === baseline,
      parts: row.parts,
      partsAre: row.partsAre,
      cells: figures[i]?.cells ?? [],
      averages: figures[i]?.averages ?? [],
      atWork: row.runs.some((r) => r.atWork),
      notes: notesOf(row.runs),
    })),
  };
}

const quoted = (names: readonly string[]) => names.map((name) => `“${name}”`).join(", ");

/** What the figures are computed from, without what only the page needs. */
const plain = ({ label, models, parts, partsAre }: Row) => ({ label, models, parts, partsAre });

/** Resamples of each interval, so that a table of any size stays quick; each cell has two, its own and its difference's. */
function affordable(rows: number, columns: readonly TableColumn[], averages: number, sets: readonly TableSet[]): number {
  const size = new Map(sets.map((s) => [s.name, s.problems]));
  const problems = columns.reduce((sum, c) => sum + (size.get(c.set) ?? 0), 0) * (averages === 0 ? 1 : 2);
  return Math.round(Math.min(RESAMPLES, Math.max(FEWEST_RESAMPLES, AFFORDABLE / Math.max(1, 2 * rows * problems))));
}

/** Benchmarks with graded samples, in the order in which they were first evaluated. */
function setsOf(runs: readonly EvaluationRun[], counts: ReadonlyMap<string, readonly EvaluationCount[]>): TableSet[] {
  const sets = new Map<string, { problems: Set<string>; samples: Map<string, number> }>();
  for (const run of runs) {
    for (const { problemId, n } of counts.get(run.runId) ?? []) {
      const set = sets.get(run.set) ?? { problems: new Set(), samples: new Map() };
      set.problems.add(problemId);
      const key = `${run.modelId} ${problemId}`;
      set.samples.set(key, (set.samples.get(key) ?? 0) + n);
      sets.set(run.set, set);
    }
  }
  return [...sets].map(([name, { problems, samples }]) => {
    let most = 0;
    for (const n of samples.values()) most = Math.max(most, n);
    return { name, problems: problems.size, most };
  });
}

type Row = RowModels & ReturnType<typeof partsOf> & { runs: EvaluationRun[] };

/** A row for each lineage that was evaluated. */
function rowsOf(models: Parameters<typeof lineagesOf>[0], runs: readonly EvaluationRun[]): Row[] {
  const evaluated = new Set(runs.map((r) => r.modelId));
  const lineages = [...lineagesOf(models).values()].filter((l) => evaluated.has(l.modelId));
  return groupLineages(lineages).map(({ label, members }) => {
    const row = { label, models: members.map((m) => ({ id: m.modelId, name: m.model, seed: seedWords(m) })) };
    const mine = runs.filter((r) => members.some((m) => m.modelId === r.modelId));
    return { ...row, ...partsOf(row, mine), runs: mine };
  });
}

function notesOf(runs: readonly EvaluationRun[]): string[] {
  const bySet = new Map<string, Set<string>>();
  for (const r of runs) bySet.set(r.set, new Set([...(bySet.get(r.set) ?? []), r.sampling]));
  return [...bySet].flatMap(([set, ways]) =>
    ways.size > 1 ? [`On ${set} it was sampled in ${ways.size} ways (temperature, prompt or answer rule): its samples are not alike.`] : [],
  );
}
