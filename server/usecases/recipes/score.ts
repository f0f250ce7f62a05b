import { InterveneError } from "../../errors";
import { startDatasetScores } from "../dataset-scores";
import { withServedModel } from "./names";
import type { Recipe } from "./recipe";

/** A sample of a data set's rows is scored token by token, by default under the model that the data set is meant for. */
export const scoreRecipe: Recipe = async (deps, study, o) => {
  const { dataset, seed } = o.training ?? {};
  if (dataset === undefined) throw new InterveneError("bad_input", `The recipe "score" scores rows of a data set: name one with --dataset.`);
  const meant = await deps.prisma.dataset.findUnique({
    where: { studyId_name: { studyId: study.id, name: dataset } },
    select: { model: { select: { name: true, servedName: true } } },
  });
  const own = meant?.model?.servedName ? meant.model.name : undefined;
  return withServedModel(deps, study, { ...o, model: o.model ?? own }, (model) =>
    startDatasetScores(deps, study, { dataset, model, samples: o.samples, seed }),
  );
};
