import { ARMS, type Arm } from "../../core/arms";
import {
  adjust,
  type ArmPair,
  type ArmProblem,
  armRows,
  CONDITIONING_PAIRS,
  HINT_ARMS,
  HINT_PAIRS,
  pairedValues,
  withAll,
} from "../../core/comparing/conditioning";
import { type CountedGroup, groupsOf, type SuccessGroup, successByRate } from "../../core/comparing/success";
import { pageResamples } from "../../core/statistics/intervals";
import type { InterventionOutcomes, PairView, ProposerGroup } from "../../core/views/comparing-interventions";
import { countSampled, listOtherOutcomes, listPair, listTypedOutcomes, type OutcomeRow } from "../../store/views/comparing-interventions";
import { type ArmCount, armCounts } from "../../store/views/counts";
import type { PageDeps } from "../pages/find";
import { compute } from "../statistics/compute";
import { scopeOf } from "./interventions-scope";
import { testedPair } from "./tested";

/**
 * Coverage and accuracy of a pipeline's arms with paired differences, hints against interventions on the problems that have both,
 * and success of guided continuations by proposer, by the bare problem's rate and by kind of error.
 * @throws InterveneError("not_found")
 */
export async function interventionOutcomes(
  deps: PageDeps,
  input: { study: string; pipeline: string },
): Promise<InterventionOutcomes> {
  const { studyId, pipelineId, runs } = await scopeOf(deps, input);
  const [counts, others, typed, sampled] = await Promise.all([
    armCounts(deps.pool, pipelineId),
    listOtherOutcomes(deps.pool, studyId, pipelineId),
    listTypedOutcomes(deps.pool, studyId, pipelineId),
    countSampled(deps.pool, pipelineId),
  ]);
  const problems = byProblem(counts);
  const equal = withAll(problems, HINT_ARMS);
  const verify = runs.find((r) => r.stage === "verify");
  const byRate = successByRate(problems);
  const labels = new Map(typed.map((r) => [r.group, r.label]));
  const [arms, pairs, hintArms, hintPairs, own, other, rates, types] = await Promise.all([
    armViews(problems, ARMS),
    armPairs(problems, CONDITIONING_PAIRS),
    armViews(equal, HINT_ARMS),
    armPairs(equal, HINT_PAIRS),
    ownGroup(problems, verify?.model ?? null, sampled),
    otherGroups(others),
    summed(byRate.groups),
    summed(groupsOf(typed, (type) => labels.get(type) ?? type)),
  ]);
  return {
    arms,
    pairs,
    hints: { problems: equal.length, arms: hintArms, pairs: hintPairs },
    byProposer: [own, ...other],
    byRate: { groups: rates, unknown: byRate.unknown },
    byType: { groups: types, labelled: new Set(typed.map((r) => r.proposalId)).size, of: sampled },
  };
}

/** Differences of two arms, problem by problem. @throws InterveneError("not_found") */
export async function armPair(
  deps: PageDeps,
  input: { study: string; pipeline: string; a: Arm; b: Arm },
): Promise<PairView> {
  const { pipelineId } = await scopeOf(deps, input);
  const { differing, same } = await listPair(deps.pool, pipelineId, input.a, input.b);
  const sign = (p: (typeof differing)[number]) => p.ac * p.bn - p.bc * p.an;
  return {
    a: input.a,
    b: input.b,
    differing: {
      problemId: differing.map((p) => p.problemId),
      ordinal: differing.map((p) => p.ordinal),
      an: differing.map((p) => p.an),
      ac: differing.map((p) => p.ac),
      bn: differing.map((p) => p.bn),
      bc: differing.map((p) => p.bc),
    },
    more: differing.filter((p) => sign(p) > 0).length,
    less: differing.filter((p) => sign(p) < 0).length,
    same,
  };
}

function byProblem(counts: readonly ArmCount[]): ArmProblem[] {
  const problems = new Map<string, ArmProblem>();
  for (const { arm, problemId, n, c } of counts) {
    const problem = problems.get(problemId) ?? { problemId, arms: {} };
    problem.arms[arm] = { n, c };
    problems.set(problemId, problem);
  }
  return [...problems.values()];
}

const few = (problems: readonly unknown[]) => ({ resamples: pageResamples(problems.length) });

async function armViews(problems: readonly ArmProblem[], arms: readonly Arm[]): Promise<InterventionOutcomes["arms"]> {
  const all = await Promise.all(arms.map(async (arm) => ({ arm, ...(await compute("armTable", armRows(problems, arm), few(problems))) })));
  return all.filter((a) => a.problems > 0);
}

/** The pairs of a table, tested together: Holm's correction is over those that there are problems for, per measure. */
async function armPairs(problems: readonly ArmProblem[], pairs: readonly (readonly [Arm, Arm])[]): Promise<ArmPair[]> {
  const rows = await Promise.all(
    pairs.map(async ([a, b]) => {
      const values = pairedValues(armRows(problems, a), armRows(problems, b));
      return { a, b, problems: values.problems, ...(await testedPair(values)) };
    }),
  );
  adjust(rows.map((r) => r.coverage));
  adjust(rows.map((r) => r.accuracy));
  return rows;
}

/** The pipeline's own interventions are the arm itself. */
async function ownGroup(problems: readonly ArmProblem[], model: string | null, sampled: number): Promise<ProposerGroup> {
  const summary = await compute("armTable", armRows(problems, "intervention"), few(problems));
  return { key: "own", kind: "own", label: model ?? "a model of no name", model, interventions: sampled, ...summary };
}

async function otherGroups(rows: readonly OutcomeRow[]): Promise<ProposerGroup[]> {
  const group = (r: OutcomeRow) => (r.author === "person" ? "person" : `model ${r.modelId ?? ""}`);
  const models = new Map(rows.map((r) => [group(r), r.author === "person" ? null : r.model]));
  const label = (key: string) => (key === "person" ? "people" : (models.get(key) ?? "a model of no name"));
  const groups = await summed(
    groupsOf(
      rows.map((r) => ({ proposalId: r.proposalId, problemId: r.problemId, group: group(r), n: r.n, c: r.c })),
      label,
    ),
  );
  return groups.map((g) => ({ ...g, kind: g.key === "person" ? "person" : "model", model: models.get(g.key) ?? null }));
}

/** Groups are many and together as large as the arm itself: fewer resamples, whose bounds move by about 2 % of the interval's width. */
const GROUP = { resamples: 2000 };

function summed(groups: readonly CountedGroup[]): Promise<SuccessGroup[]> {
  return Promise.all(groups.map(async ({ rows, ...group }) => ({ ...group, ...(await compute("armTable", rows, GROUP)) })));
}
