import { InterveneError } from "../../errors";
import { listServedModels } from "../../store/read/attempt-sampling";
import { startValues } from "../values";
import { withServedModel } from "./names";
import type { Recipe } from "./recipe";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Step values of one attempt: of every step, of each k-th, or around the largest drop. */
export const valueRecipe: Recipe = async (deps, study, o) => {
  const { attempt, every, bisect } = o.value ?? {};
  if (attempt === undefined || !UUID.test(attempt))
    throw new InterveneError("bad_input", "Name the attempt to value with --attempt ID; its page has the id in its address.");
  if (bisect && every !== undefined)
    throw new InterveneError("bad_input", "Choose one of --every and --bisect: both say which steps are valued.");
  const start = async (model: string | undefined) => {
    const { pipelineId } = await startValues(deps, {
      study: study.id,
      attempt,
      plan: bisect ? "bisect" : every !== undefined && every > 1 ? "every" : "all",
      personId: null,
      ...(every === undefined ? {} : { every }),
      ...(o.samples === undefined ? {} : { samples: o.samples }),
      ...(o.training?.seed === undefined ? {} : { seed: o.training.seed }),
      ...(model === undefined ? {} : { model }),
    });
    return { pipelineId };
  };
  // The attempt's own model, unless another is named or the study has none that a server serves.
  const served = await listServedModels(deps.pool, study.id);
  return o.model === undefined && served.length > 0 ? start(undefined) : withServedModel(deps, study, o, (m) => start(m.id));
};
