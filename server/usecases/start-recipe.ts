import { InterveneError } from "../errors";
import { createIdleLabStudy, createLabStudy, LAB } from "./create-lab-study";
import type { Deps } from "./deps";
import { finalTableRecipe } from "./recipes/final-table";
import { armsRecipe } from "./recipes/arms";
import { intOverrides, intRecipe } from "./recipes/int";
import type { Recipe, StartedRecipe, StartRecipe } from "./recipes/recipe";
import { reflectRecipe } from "./recipes/reflect";
import { scoreRecipe } from "./recipes/score";
import { TRAINING_RECIPES } from "./recipes/training";
import { valueRecipe } from "./recipes/value";
import { verifyRecipe } from "./recipes/verify";

/** Every recipe that can be started by its name. One more: its file in recipes/, and a line here. */
export const RECIPES: Record<string, Recipe> = {
  int: intRecipe,
  arms: armsRecipe,
  verify: verifyRecipe,
  reflect: reflectRecipe,
  value: valueRecipe,
  score: scoreRecipe,
  ...TRAINING_RECIPES,
  "final-table": finalTableRecipe,
};

/**
 * Start a recipe by the names that people use. The lab study is made when its InT run or its final table is asked for and it is not there.
 * @throws InterveneError that says what is missing or in doubt.
 */
export async function startRecipe(deps: Deps, o: StartRecipe): Promise<StartedRecipe> {
  // A name from outside: "constructor" is a property of every object, and no recipe.
  const recipe = Object.hasOwn(RECIPES, o.recipe) ? RECIPES[o.recipe] : undefined;
  if (!recipe) {
    const names = Object.keys(RECIPES).map((name) => `"${name}"`);
    throw new InterveneError(
      "bad_input",
      `There is no recipe "${o.recipe}"; there are ${names.join(", ")}.`,
    );
  }
  const study = await deps.prisma.study.findUnique({ where: { name: o.study } });
  if (study) return recipe(deps, study, o);
  if (o.study === LAB.study && o.recipe === "final-table") {
    const made = await createIdleLabStudy(deps);
    try {
      return await recipe(deps, made, o);
    } catch (error) {
      // A command that was refused leaves no empty study behind.
      await deps.prisma.study.delete({ where: { id: made.id } });
      throw error;
    }
  }
  if (o.study === LAB.study && o.recipe === "int") {
    const { pipelineId } = await createLabStudy(deps, { ...(o.maxProblems ? { problems: o.maxProblems } : {}), settings: intOverrides(o) });
    return { pipelineId };
  }
  throw new InterveneError(
    "not_found",
    `There is no study "${o.study}"; "intervene import" makes one from a file of problems.`,
  );
}
