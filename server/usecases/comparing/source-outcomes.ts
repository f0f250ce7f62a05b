import { pooledPassAtK, type ProblemCount, withOpenSide } from "../../core/comparing/outcome";
import type { ModelCurve, RelationPoint, SetCurves, SourceTraining, SourcesRelation, StageAfter } from "../../core/views/comparing-sources";
import { nllByProblem } from "../../store/views/comparing-sources";
import { evaluationRuns } from "../../store/views/comparing-table";
import { type EvaluatedProblem, evaluatedProblems } from "../../store/views/trainings";
import type { PageDeps } from "../pages/find";
import { compute } from "../statistics/compute";
import { type AskedSources, NO_MODEL, readSourceLineage, type SourceLineage } from "./source-lineage";
import { sourceNll } from "./source-nll";

interface Asked extends AskedSources {
  set: string;
  stage: StageAfter;
  /** Names of the data sets that are shown; not set: all. */
  datasets?: readonly string[] | undefined;
}

/** Resamples of a curve's band: it has forty points, and a page a dozen curves. */
const BAND_RESAMPLES = 2_000;

/** A model that is compared, and what made it. */
interface Compared {
  model: { id: string; name: string };
  /** Null for the base, and for what RL alone made of it. */
  datasetId: string | null;
  stage: StageAfter | null;
  seed: number | null;
}

/** pass@k on one problem set of the base model and of the models that came of each source. @throws InterveneError("not_found") */
export async function readSourceCurves(deps: PageDeps, input: Asked): Promise<SetCurves> {
  const lineage = await readSourceLineage(deps, input);
  const [evaluated, runs] = await Promise.all([evaluatedProblems(deps.pool, lineage.study.id), evaluationRuns(deps.pool, lineage.study.id)]);
  const counts = byModel(evaluated, input.set);
  const curves = await Promise.all(
    comparedModels(lineage, input).map(async ({ model, datasetId, stage, seed }): Promise<ModelCurve | null> => {
      const mine = counts.get(model.id);
      if (mine === undefined) return null;
      const ns = mine.map((p) => p.n);
      return {
        modelId: model.id,
        model: model.name,
        runs: runsOf(runs, model.id, input.set),
        datasetId,
        stage,
        seed,
        problems: mine.length,
        samples: { fewest: Math.min(...ns), most: Math.max(...ns) },
        points: await compute("passAtKCurve", mine.map(({ n, c }) => ({ n, c })), undefined, { resamples: BAND_RESAMPLES }),
      };
    }),
  );
  return { set: input.set, curves: curves.filter((c) => c !== null) };
}

/** The outcome after each source over the NLL of its traces under the base. @throws InterveneError("not_found") */
export async function readSourceRelation(deps: PageDeps, input: Asked & { k: number; weights: "token" | "trace" }): Promise<SourcesRelation> {
  const lineage = await readSourceLineage(deps, input);
  const { study, base } = lineage;
  const [evaluated, runs, nll] = await Promise.all([
    evaluatedProblems(deps.pool, study.id),
    evaluationRuns(deps.pool, study.id),
    nllByProblem(deps.pool, study.id, base?.id ?? NO_MODEL, "whole"),
  ]);
  const counts = byModel(evaluated, input.set);
  const compared = comparedModels(lineage, input);
  const points: RelationPoint[] = [];
  const without: SourcesRelation["without"] = [];
  const sources = await Promise.all(
    shownDatasets(lineage, input.datasets).map(async ({ card }) => {
      const models = compared.filter((c) => c.datasetId === card.id && counts.has(c.model.id)).map((c) => c.model);
      const values = pooledPassAtK(models.map((m) => counts.get(m.id) ?? []), input.k);
      const [[whole], outcome] = await Promise.all([sourceNll(nll, card.id), compute("bootstrapMeanInterval", values)]);
      return { card, models, problems: values.length, whole: whole?.means, outcome };
    }),
  );
  for (const { card, models, problems, whole, outcome } of sources) {
    if (whole === undefined || models.length === 0 || outcome === null) {
      const missing = whole === undefined ? (outcome === null ? "both" : "nll") : "outcome";
      without.push({ dataset: card.name, missing });
      continue;
    }
    points.push({
      datasetId: card.id,
      dataset: card.name,
      source: card.source,
      nll: { ...(input.weights === "token" ? whole.perToken : whole.perTrace), traces: whole.traces, problems: whole.problems },
      outcome: { ...withOpenSide(outcome, problems), problems, models: models.map((m) => ({ ...m, runs: runsOf(runs, m.id, input.set) })) },
    });
  }
  const rho = await compute("spearman", points.map((p) => p.nll.value), points.map((p) => p.outcome.value));
  return {
    set: input.set,
    k: input.k,
    stage: input.stage,
    points,
    without,
    spearman: rho === null ? null : { value: rho.value, low: rho.low, high: rho.high, n: rho.n },
  };
}

function shownDatasets({ datasets }: SourceLineage, names: readonly string[] | undefined): SourceLineage["datasets"] {
  return datasets.filter(({ card }) => names === undefined || names.includes(card.name));
}

/** The base first, then what RL alone made of it, then the models of each source. */
function comparedModels(lineage: SourceLineage, { stage, datasets }: Asked): Compared[] {
  const { base, rlAlone } = lineage;
  const after = (trainings: readonly SourceTraining[], datasetId: string | null) =>
    trainings.flatMap((t): Compared[] => (t.model === null ? [] : [{ model: t.model, datasetId, stage, seed: t.seed }]));
  return [
    ...(base === null ? [] : [{ model: base, datasetId: null, stage: null, seed: null }]),
    ...(stage === "rl" ? after(rlAlone, null) : []),
    ...shownDatasets(lineage, datasets).flatMap(({ card, chains }) => chains.flatMap(({ sft, rl }) => after(stage === "sft" ? [sft] : rl, card.id))),
  ];
}

function byModel(evaluated: readonly EvaluatedProblem[], set: string): Map<string, ProblemCount[]> {
  const counts = new Map<string, ProblemCount[]>();
  for (const { modelId, problemSet, problemId, n, c } of evaluated) {
    if (problemSet !== set) continue;
    const mine = counts.get(modelId);
    if (mine === undefined) counts.set(modelId, [{ problemId, n, c }]);
    else mine.push({ problemId, n, c });
  }
  return counts;
}

function runsOf(runs: Awaited<ReturnType<typeof evaluationRuns>>, modelId: string, set: string): string[] {
  return runs.filter((r) => r.modelId === modelId && r.set === set).map((r) => r.runId);
}
