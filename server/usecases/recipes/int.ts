import { type IntOverrides, labIntSettings, paperIntSettings } from "../../core/recipes";
import { LAB } from "../create-lab-study";
import { startInt } from "../start-int";
import { onlyProblemSet, withServedModel } from "./names";
import type { Recipe, StartRecipe } from "./recipe";

/** Intervention training's loop. The lab's model runs with the lab's settings, any other with the paper's. */
export const intRecipe: Recipe = async (deps, study, o) => {
  const problemSet = o.problemSet ?? (await onlyProblemSet(deps, study));
  const overrides = { problemSet, ...(o.maxProblems === undefined ? {} : { maxProblems: o.maxProblems }), ...intOverrides(o) };
  return withServedModel(deps, study, o, async (model) => {
    const settings = model.servedName === LAB.model ? labIntSettings(overrides) : paperIntSettings(overrides);
    return { pipelineId: await startInt(deps, { studyId: study.id, settings, modelId: model.id }) };
  });
};

/** What is asked of the loop beside its problems. */
export function intOverrides(o: Pick<StartRecipe, "bareAnswers" | "samples" | "arms">): IntOverrides {
  return {
    ...(o.bareAnswers === undefined ? {} : { bareAnswers: o.bareAnswers }),
    ...(o.samples === undefined ? {} : { rollout: { samples: o.samples } }),
    ...(o.arms === undefined ? {} : { continuation: { arms: [...o.arms] } }),
  };
}
