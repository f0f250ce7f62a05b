import { funnelSteps, PROBLEM_FATES, ROW_ORIGINS, UNUSED } from "../../core/comparing/fates";
import { manifestSchema } from "../../core/datasets/manifest";
import type { FunnelView } from "../../core/views/comparing-interventions";
import {
  type InterventionDataset,
  listFates,
  listInterventionDatasets,
  listOrigins,
  listProblemFates,
  listUnused,
} from "../../store/views/comparing-funnel";
import type { PageDeps } from "../pages/find";
import { scopeOf } from "./interventions-scope";

/**
 * From the problems of a pipeline to the rows of a data set, each loss once. @param input.dataset which data set; the newest one
 * of filtered interventions when absent or unknown. @throws InterveneError("not_found")
 */
export async function interventionFunnel(
  deps: PageDeps,
  input: { study: string; pipeline: string; dataset?: string | undefined },
): Promise<FunnelView> {
  const { studyId, pipelineId } = await scopeOf(deps, input);
  const [fates, problems, datasets] = await Promise.all([
    listFates(deps.pool, pipelineId),
    listProblemFates(deps.pool, pipelineId),
    listInterventionDatasets(deps.pool, studyId),
  ]);
  // An ablation is looked at when it is asked for.
  const chosen = datasets.find((d) => d.id === input.dataset) ?? datasets.find((d) => !d.ablation) ?? datasets[0];
  return {
    problems: PROBLEM_FATES.map((fate) => ({ fate, problems: problems.find((p) => p.fate === fate)?.problems ?? 0 })),
    steps: funnelSteps(fates.attempts, fates.problems),
    datasets: datasets.map(({ id, name, rows }) => ({ id, name, rows })),
    dataset: chosen === undefined ? null : await partOf(deps, pipelineId, chosen),
  };
}

async function partOf(
  deps: PageDeps,
  pipelineId: string,
  { id, name, rows, manifest }: InterventionDataset,
): Promise<NonNullable<FunnelView["dataset"]>> {
  const [unused, origins] = await Promise.all([listUnused(deps.pool, pipelineId, id), listOrigins(deps.pool, pipelineId, id)]);
  const parsed = manifestSchema.safeParse(manifest);
  const said = parsed.success ? parsed.data : null;
  return {
    id,
    name,
    rows,
    unused: UNUSED.flatMap((why) => unused.filter((u) => u.why === why)),
    origins: ROW_ORIGINS.flatMap((origin) => origins.filter((o) => o.origin === origin)),
    candidates: said?.counts.candidates ?? null,
    people:
      said === null
        ? null
        : {
            accepted: said.decisions.accepted,
            located: said.decisions.located,
            edited: said.decisions.edited,
            rejected: said.decisions.rejected,
            noError: said.decisions.noError,
            differ: said.decisions.differ,
          },
  };
}
