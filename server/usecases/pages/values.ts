import { valuePoint } from "../../core/branching/values";
import type { ValuesView } from "../../core/views/values";
import { liveWorkers } from "../../store/read/workers";
import { countValues, listValueRuns } from "../../store/views/values";
import { type PageDeps, studyOf } from "./find";

/** V(t) of an attempt under the model and parameters that were asked for last. @throws InterveneError("not_found") */
export async function readValues(deps: PageDeps, input: { study: string; attempt: string }): Promise<ValuesView> {
  await studyOf(deps, input.study);
  const [rows, workers] = await Promise.all([listValueRuns(deps.pool, input.attempt), liveWorkers(deps.pool)]);
  const runs = rows.map(({ modelId: _, sampling: __, ...run }) => run);
  const newest = rows[0];
  if (!newest) return { points: [], model: null, sampling: null, runs, workers: workers.length };
  const counts = await countValues(deps.pool, { ...newest, attemptId: input.attempt });
  return { points: counts.map(valuePoint), model: newest.model, sampling: newest.sampling, runs, workers: workers.length };
}
