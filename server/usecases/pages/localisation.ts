import { affordableResamples } from "../../core/statistics/bootstrap";
import { type ConfusionAnswer, confusion } from "../../core/statistics/confusion";
import { pairAgreement } from "../../core/statistics/agreement";
import { isWithinOne } from "../../core/statistics/judgements";
import { POSITION_BASELINES, positionBaseline } from "../../core/statistics/positionBaseline";
import { scoreLocalisation } from "../../core/statistics/processBench";
import type {
  LabelSource,
  LocalisationQuery,
  LocalisationView,
  LocatorDetail,
  LocatorRun,
  LocatorScore,
  Relation,
} from "../../core/views/localisation";
import { type LocatedRow, listLocated, listLocators } from "../../store/views/located";
import { listServedModels } from "../../store/views/studies";
import { type PageDeps, studyOf } from "./find";

/** A labelled attempt with a run's answer. */
interface Answer {
  attemptId: string;
  label: number | null;
  steps: number;
  said: number | null | "unparsed";
}

/**
 * How well each run of a study locates first errors against each source of labels, beside what position alone would
 * score, and one of them looked into. @throws InterveneError("not_found")
 */
export async function readLocalisation(
  deps: PageDeps,
  input: { study: string; query: LocalisationQuery },
): Promise<LocalisationView> {
  const study = await studyOf(deps, input.study);
  const { by } = input.query;
  const [rows, served] = await Promise.all([listLocated(deps.pool, study.id, by), listServedModels(deps.pool, study.id)]);
  const runIds = [...new Set(rows.flatMap((r) => (r.runId === null ? [] : [r.runId])))];
  const runs = new Map((await listLocators(deps.pool, runIds)).map((r) => [r.runId, r]));
  const bySource = new Map<string, LocatedRow[]>();
  for (const row of rows) {
    const of = bySource.get(row.source);
    if (of) of.push(row);
    else bySource.set(row.source, [row]);
  }
  const sources = [...bySource].map(([source, of]) => sourceOf(source, of, runs));
  const chosen =
    sources.find((s) => s.source === input.query.source && s.locators.some((l) => l.runId === input.query.run)) ??
    sources.find((s) => s.locators.length > 0);
  const locator = chosen?.locators.find((l) => l.runId === input.query.run) ?? chosen?.locators[0];
  return {
    study: study.name,
    studyId: study.id,
    by,
    sources,
    detail: chosen && locator ? detailOf(chosen.source, locator.runId, bySource.get(chosen.source) ?? []) : null,
    served,
  };
}

function sourceOf(source: string, rows: readonly LocatedRow[], runs: ReadonlyMap<string, LocatorRun>): LabelSource {
  const labels = new Map(rows.map((r) => [r.attemptId, r.label]));
  const locators = [...runs.values()].flatMap((run): LocatorScore[] => {
    const answers = answersOf(rows, run.runId);
    return answers.length === 0 ? [] : [scoreOf(run, answers)];
  });
  const quality = (l: LocatorScore) => l.score.f1?.value ?? l.score.exact?.value ?? 0;
  return {
    source,
    labelled: labels.size,
    withError: [...labels.values()].filter((label) => label !== null).length,
    locators: locators.sort((a, b) => quality(b) - quality(a) || (a.runId < b.runId ? -1 : 1)),
  };
}

function answersOf(rows: readonly LocatedRow[], runId: string): Answer[] {
  return rows.flatMap(({ attemptId, label, steps, said, runId: own }) =>
    own === runId && said !== null
      ? [{ attemptId, label, steps, said: said === -1 ? "unparsed" : said === 0 ? null : said }]
      : [],
  );
}

function scoreOf(run: LocatorRun, answers: readonly Answer[]): LocatorScore {
  const options = { resamples: affordableResamples(answers.length * 2) };
  const relations: Record<Relation, number> = { agrees: 0, near: 0, differs: 0, unparsed: 0 };
  for (const a of answers) relations[relationOf(a)]++;
  return {
    ...run,
    score: scoreLocalisation(
      answers.map((a) => {
        const relation = relationOf(a);
        const exact = relation === "agrees" ? 1 : 0;
        return { label: a.label, exact, withinOne: exact || relation === "near" ? 1 : 0 };
      }),
      options,
    ),
    relations,
    baselines: POSITION_BASELINES.map((kind) => ({
      kind,
      score: scoreLocalisation(positionBaseline(answers, kind), options),
    })),
  };
}

function relationOf({ label, said }: Answer): Relation {
  if (said === "unparsed") return "unparsed";
  if (said === label) return "agrees";
  return isWithinOne(said, label) ? "near" : "differs";
}

function detailOf(source: string, runId: string, rows: readonly LocatedRow[]): LocatorDetail {
  const answers = answersOf(rows, runId);
  const judgements = answers.flatMap((a) =>
    a.said === "unparsed"
      ? []
      : [
          { item: a.attemptId, rater: "label", firstError: a.label },
          { item: a.attemptId, rater: "model", firstError: a.said },
        ],
  );
  return {
    source,
    runId,
    confusion: confusion(answers.map((a): { row: ConfusionAnswer; column: ConfusionAnswer } => ({ row: a.label, column: a.said }))),
    kappa: pairAgreement(judgements, "label", "model").kappa,
  };
}
