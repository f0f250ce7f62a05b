import { type Bin, countIn, medianOf, wholeBins } from "../../core/comparing/bins";
import { placeAgreement, type PlaceCount, placesByShare, placesByStep } from "../../core/comparing/positions";
import { GENERATOR_LABEL } from "../../core/lab/label";
import type { LengthsView, LengthView, PositionsView } from "../../core/views/comparing-interventions";
import {
  type KnownPlaceRow,
  type LengthRow,
  listAttemptLengths,
  listInterventionLengths,
  listKnownPlaces,
  listPlaces,
} from "../../store/views/comparing-interventions";
import type { PageDeps } from "../pages/find";
import { scopeOf } from "./interventions-scope";

/** Most attempts of a source that position-only baselines are computed for; the intervals of more are narrower than a line. */
const MOST_TRACES = 5000;

/** Where the first errors of a pipeline lie, as its model says and as they are known. @throws InterveneError("not_found") */
export async function interventionPositions(
  deps: PageDeps,
  input: { study: string; pipeline: string },
): Promise<PositionsView> {
  const { pipelineId } = await scopeOf(deps, input);
  const [places, knownRows] = await Promise.all([listPlaces(deps.pool, pipelineId), listKnownPlaces(deps.pool, pipelineId)]);
  const bySource = new Map<string, KnownPlaceRow[]>();
  for (const row of knownRows) bySource.set(row.source, [...(bySource.get(row.source) ?? []), row]);
  const known = new Map<string, PlaceCount[]>(bySource);
  return {
    n: sum(places),
    byStep: placesByStep(places, known),
    byShare: placesByShare(places, known),
    sources: [...bySource]
      .map(([source, rows]) => ({ source, n: sum(rows), people: source !== GENERATOR_LABEL }))
      .sort((a, b) => Number(b.people) - Number(a.people) || (a.source < b.source ? -1 : 1)),
    agreement: [...bySource].map(([source, rows]) =>
      placeAgreement(
        source,
        rows
          .flatMap((r) => Array.from({ length: r.count }, () => ({ label: r.step, steps: r.steps, said: r.said })))
          .slice(0, MOST_TRACES),
      ),
    ),
  };
}

/** Lengths of a pipeline's chosen interventions and failed attempts, in tokens. @throws InterveneError("not_found") */
export async function interventionLengths(
  deps: PageDeps,
  input: { study: string; pipeline: string },
): Promise<LengthsView> {
  const { pipelineId } = await scopeOf(deps, input);
  const [interventions, attempts] = await Promise.all([
    listInterventionLengths(deps.pool, pipelineId),
    listAttemptLengths(deps.pool, pipelineId),
  ]);
  return { interventions: lengthView(interventions), attempts: lengthView(attempts) };
}

function lengthView(rows: readonly LengthRow[]): LengthView {
  const counted = rows.filter((r) => r.value > 0);
  const kept = counted.map((r) => ({ value: r.value, count: r.kept }));
  const values = counted.map((r) => r.value);
  const bins: Bin[] = wholeBins(Math.min(...values), Math.max(...values));
  return {
    bins,
    counts: countIn(bins, counted),
    kept: countIn(bins, kept),
    median: medianOf(counted),
    medianKept: medianOf(kept),
    unknown: rows.reduce((n, r) => n + (r.value > 0 ? 0 : r.count), 0),
  };
}

const sum = (rows: readonly { count: number }[]) => rows.reduce((n, r) => n + r.count, 0);
