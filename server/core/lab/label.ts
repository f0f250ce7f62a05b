import { labProblemFromId } from "./generate";
import { firstWrongStep } from "./truth";

/** Source of labels that the lab's generator gives. They are exact, and nobody's opinion. */
export const GENERATOR_LABEL = "generator";

/**
 * The first wrong step of an attempt at one of the lab's problems, by the generator's own values: null when no step is
 * wrong; undefined when the problem is not one of the generator's.
 */
export function labFirstError(problem: { key: string; statement: string }, attempt: string): number | null | undefined {
  const truth = labProblemFromId(problem.key);
  return truth !== null && truth.problem === problem.statement.trim() ? firstWrongStep(truth, attempt) : undefined;
}
