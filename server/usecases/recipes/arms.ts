import { InterveneError } from "../../errors";
import { listPipelines } from "../../store/views/studies";
import { sampleArms } from "../sample-arms";
import type { Recipe } from "./recipe";

/** Further arms of the study's newest run of the InT recipe: hint and hint + intervention where nothing else is said. */
export const armsRecipe: Recipe = async (deps, study, o) => {
  const pipelines = (await listPipelines(deps.pool, [study.id])).get(study.id) ?? [];
  const newest = pipelines.find((p) => p.recipe === "int");
  if (!newest)
    throw new InterveneError("not_found", `Study "${study.name}" has no run of the InT recipe yet: start one with its arms.`);
  await sampleArms(deps, { pipelineId: newest.id, arms: o.arms ?? ["hint", "hint_intervention"] });
  return { pipelineId: newest.id };
};
