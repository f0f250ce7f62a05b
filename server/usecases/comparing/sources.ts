import { overTrainings } from "../../core/comparing/entropy";
import { withBins } from "../../core/comparing/nll";
import { variantOf } from "../../core/comparing/variant";
import { SOURCES } from "../../core/datasets/sources";
import type { RowPart } from "../../core/scoring/row-parts";
import type { EvaluatedSet, RowsBehind, SourceChain, SourceEntropy, SourceRow, SourcesPage, StageAfter } from "../../core/views/comparing-sources";
import { InterveneError } from "../../errors";
import { liveWorkers } from "../../store/read/workers";
import { nllBins, nllByProblem, rowsBehind, scoringRuns, sourceFacts, type TrainingRow } from "../../store/views/comparing-sources";
import { type EvaluatedProblem, evaluatedProblems } from "../../store/views/trainings";
import { startDatasetScores } from "../dataset-scores";
import type { Deps } from "../deps";
import type { PageDeps } from "../pages/find";
import { type AskedSources, NO_MODEL, readSourceLineage, type SourceLineage } from "./source-lineage";
import { sourceNll } from "./source-nll";

/** Rows of a bin that a page lists. */
const LISTED = 100;

/** SFT sources of a study side by side for one base model. @throws InterveneError("not_found") */
export async function readSources(deps: PageDeps, input: AskedSources): Promise<SourcesPage> {
  const lineage = await readSourceLineage(deps, input);
  const { study, models, base, datasets, trainings } = lineage;
  const at = base?.id ?? NO_MODEL;
  const [facts, nll, bins, scoring, evaluated, workers] = await Promise.all([
    sourceFacts(deps.pool, study.id),
    nllByProblem(deps.pool, study.id, at),
    nllBins(deps.pool, study.id, at),
    scoringRuns(deps.pool, study.id, at),
    evaluatedProblems(deps.pool, study.id),
    liveWorkers(deps.pool),
  ]);
  const rows = await Promise.all(
    datasets.map(async ({ card: d, chains }): Promise<SourceRow> => {
      const fact = facts.find((f) => f.datasetId === d.id);
      return {
        datasetId: d.id,
        dataset: d.name,
        source: d.source,
        state: d.state,
        build: d.build === null ? null : { done: d.build.done, total: d.build.total },
        rows: d.rows,
        tokens: d.tokens,
        variant: variantOf(fact?.settings),
        trainedOn: fact?.sets ?? [],
        nll: (await sourceNll(nll, d.id)).map(({ part, means }) => withBins(part, means, bins.filter((b) => b.datasetId === d.id))),
        scoring: scoring.find((s) => s.dataset === d.name) ?? null,
        chains,
        entropy: entropyOf(chains),
      };
    }),
  );
  return {
    studyId: study.id,
    study: study.name,
    models: models.map(({ id, name, served }) => ({ id, name, served })),
    base: base === null ? null : { id: base.id, name: base.name, served: base.served },
    rows,
    missing: SOURCES.filter((s) => s !== "hint" && !rows.some((r) => r.source === s)),
    baseEntropy: overTrainings(lineage.rlAlone.map((t) => t.firstEntropy)),
    sets: setsOf(evaluated, lineage, rows, trainings),
    workers: workers.length,
  };
}

function entropyOf(chains: readonly SourceChain[]): SourceEntropy {
  return {
    rowsBefore: overTrainings(chains.map((c) => c.sft.firstEntropy)),
    rowsAfter: overTrainings(chains.map((c) => c.sft.lastEntropy)),
    // Seeds of RL from one model sample from the very same weights: each fine-tuned model counts once.
    samples: overTrainings(chains.map((c) => overTrainings(c.rl.map((t) => t.firstEntropy))?.value ?? null)),
  };
}

/** Problem sets on which the base or what came of the sources was evaluated; those that were trained on first. */
function setsOf(
  evaluated: readonly EvaluatedProblem[],
  { base, rlAlone }: SourceLineage,
  rows: readonly SourceRow[],
  trainings: readonly TrainingRow[],
): EvaluatedSet[] {
  const after = new Map<string, StageAfter>();
  for (const t of rlAlone) if (t.model !== null) after.set(t.model.id, "rl");
  for (const { chains } of rows)
    for (const { sft, rl } of chains) {
      if (sft.model !== null) after.set(sft.model.id, "sft");
      for (const t of rl) if (t.model !== null) after.set(t.model.id, "rl");
    }
  const trained = new Set([...rows.flatMap((r) => r.trainedOn), ...trainings.flatMap((t) => t.problemSet ?? [])]);
  const sets = new Map<string, { problems: Set<string>; samples: number; stages: Set<StageAfter> }>();
  for (const e of evaluated) {
    const stage = after.get(e.modelId);
    if (stage === undefined && e.modelId !== base?.id) continue;
    const set = sets.get(e.problemSet) ?? { problems: new Set(), samples: 0, stages: new Set() };
    set.problems.add(e.problemId);
    set.samples = Math.max(set.samples, e.n);
    if (stage !== undefined) set.stages.add(stage);
    sets.set(e.problemSet, set);
  }
  return [...sets]
    .map(([name, s]) => ({ name, trained: trained.has(name), problems: s.problems.size, samples: s.samples, stages: [...s.stages].sort() }))
    .sort((a, b) => Number(b.trained) - Number(a.trained) || (a.name < b.name ? -1 : 1));
}

/** Scored rows behind a bin of a histogram. @throws InterveneError("not_found") */
export async function readRowsBehind(
  deps: PageDeps,
  input: AskedSources & { dataset: string; part: RowPart; of: "traces" | "tokens"; bin: number },
): Promise<RowsBehind> {
  const { study, base, datasets } = await readSourceLineage(deps, input);
  const dataset = datasets.find((d) => d.card.name === input.dataset)?.card;
  if (dataset === undefined) throw new InterveneError("not_found", `Study "${study.name}" has no data set called “${input.dataset}”.`);
  if (base === null) return { rows: [], total: 0 };
  const { part, of, bin } = input;
  return rowsBehind(deps.pool, { studyId: study.id, modelId: base.id, datasetId: dataset.id, part, of, bin, limit: LISTED });
}

/** Score samples of data sets under the base model, from the page. @throws InterveneError that says what is missing. */
export async function scoreSources(
  deps: PageDeps & Pick<Deps, "pool" | "queue" | "prisma">,
  input: AskedSources & { datasets: readonly string[]; samples: number },
): Promise<{ rows: number }> {
  const { study, base } = await readSourceLineage(deps, input);
  if (base === null) throw new InterveneError("bad_input", `Study "${study.name}" has no model to score under.`);
  if (!base.served) throw new InterveneError("bad_input", `No server serves the model "${base.name}", so nothing can be scored under it.`);
  let rows = 0;
  for (const dataset of input.datasets)
    rows += (await startDatasetScores(deps, study, { dataset, model: base, samples: input.samples })).rows;
  return { rows };
}
