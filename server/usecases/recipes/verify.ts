import { startVerify } from "../start-verify";
import { withServedModel } from "./names";
import type { Recipe } from "./recipe";

/** Verification of attempts that are there already. */
export const verifyRecipe: Recipe = (deps, study, o) =>
  withServedModel(deps, study, o, (model) => startVerify(deps, { ...o.verify, study, model }));
