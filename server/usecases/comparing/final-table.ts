import { averagesOf, chosenColumns } from "../../core/comparing/choice";
import { type EvaluationCount, type EvaluationRun, partsOf, type RowModels, tableCells } from "../../core/comparing/final-table";
import { groupLineages, lineagesOf, seedWords } from "../../core/comparing/lineage";
import { RESAMPLES } from "../../core/statistics/intervals";
import type { FinalTable, FinalTableQuery, TableSet } from "../../core/views/comparing-table";
import { InterveneError } from "../../errors";
import { countsOfRuns, evaluationRuns, trainedModels } from "../../store/views/comparing-table";
import { type PageDeps, studyOf } from "../pages/find";

/**
 * The final table: every evaluated lineage on any choice of benchmarks and k, with intervals and paired differences to a
 * baseline row (method.md, "What users compare").
 *
 * @throws InterveneError("not_found") for a study, benchmark or baseline row that is not there.
 */
export async function finalTable(
  deps: PageDeps,
  input: { study: string; query?: FinalTableQuery; resamples?: number },
): Promise<FinalTable> {
  const study = await studyOf(deps, input.study);
  const query = input.query ?? {};
  const resamples = input.resamples ?? RESAMPLES;
  const [models, allRuns] = await Promise.all([trainedModels(deps.pool, study.id), evaluationRuns(deps.pool, study.id)]);
  const counts = byRun(await countsOfRuns(deps.pool, allRuns.map((r) => r.runId)));
  const sets = setsOf(allRuns, counts);
  const { columns, unknown } = chosenColumns(sets, query);
  if (unknown.length > 0)
    throw new InterveneError(
      "not_found",
      `Nothing was evaluated on ${unknown.map((u) => `“${u}”`).join(", ")}. ${sets.length === 0 ? "No evaluation has a graded sample yet." : `There are evaluations on ${sets.map((s) => `“${s.name}”`).join(", ")}.`}`,
    );
  // An evaluation that was cancelled before its first sample is no row; one that is at work is, with gaps.
  const runs = allRuns.filter((r) => counts.has(r.runId) || r.atWork);
  const rows = rowsOf(models, runs);
  const baseline = rows.findIndex((row) => row.label === (query.baseline ?? rows[0]?.label));
  if (rows.length > 0 && baseline < 0)
    throw new InterveneError("not_found", `There is no row “${query.baseline}” to compare with. The rows are ${rows.map((r) => `“${r.label}”`).join(", ")}.`);
  const averages = averagesOf(columns);
  const cells = tableCells(rows, columns, averages, baseline, { runs, counts }, resamples);
  return {
    study: study.name,
    sets,
    columns,
    averages,
    baseline: rows[baseline]?.label ?? null,
    resamples,
    rows: rows.map((row, i) => ({
      label: row.label,
      baseline: i === baseline,
      parts: row.parts,
      partsAre: row.partsAre,
      cells: cells[i]?.cells ?? [],
      averages: cells[i]?.averages ?? [],
      atWork: row.runs.some((r) => r.atWork),
      notes: notesOf(row.runs),
    })),
  };
}

function byRun(counts: readonly EvaluationCount[]): Map<string, EvaluationCount[]> {
  const map = new Map<string, EvaluationCount[]>();
  for (const count of counts) {
    const list = map.get(count.runId);
    if (list === undefined) map.set(count.runId, [count]);
    else list.push(count);
  }
  return map;
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
