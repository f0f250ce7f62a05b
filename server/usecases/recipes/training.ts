import { InterveneError } from "../../errors";
import { startChain } from "../training/start";
import { onlyProblemSet, withServedModel } from "./names";
import type { Recipe, StartRecipe } from "./recipe";
import { trainingChanges, trainingPlace } from "./training-options";

/** What a recipe of this family does before it evaluates. */
interface Plan {
  sft: boolean;
  rl: boolean;
  hinted?: boolean;
}

const chain =
  (plan: Plan): Recipe =>
  (deps, study, o: StartRecipe) =>
    withServedModel(deps, study, o, async (model) => {
      const t = o.training ?? {};
      if (plan.sft && t.dataset === undefined)
        throw new InterveneError("bad_input", `The recipe "${o.recipe}" fine-tunes on a data set: name one with --dataset.`);
      if (!plan.sft && t.dataset !== undefined)
        throw new InterveneError("bad_input", `The recipe "${o.recipe}" takes no data set; "sft" and "sft-rl" do.`);
      const evaluate = t.evaluate ?? (plan.sft || plan.rl ? [] : [o.problemSet ?? (await onlyProblemSet(deps, study))]);
      const { pipelineId } = await startChain(deps, study, {
        recipe: o.recipe,
        model,
        dataset: plan.sft ? t.dataset : undefined,
        rl: plan.rl
          ? { problemSet: o.problemSet ?? (await onlyProblemSet(deps, study)), maxProblems: o.maxProblems, hinted: plan.hinted }
          : undefined,
        evaluate,
        maxProblems: plan.rl ? undefined : o.maxProblems,
        samples: o.samples,
        name: t.name,
        seed: t.seed,
        ...trainingPlace(t),
        change: trainingChanges(t, plan),
      });
      return { pipelineId };
    });

/** The rows of the paper's final table, as chains: what is trained, then evaluated (method.md, "What users compare"). */
export const TRAINING_RECIPES = {
  evaluate: chain({ sft: false, rl: false }),
  sft: chain({ sft: true, rl: false }),
  rl: chain({ sft: false, rl: true }),
  "hint-rl": chain({ sft: false, rl: true, hinted: true }),
  "sft-rl": chain({ sft: true, rl: true }),
} satisfies Record<string, Recipe>;
