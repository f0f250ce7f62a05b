import { InterveneError } from "../errors";
import { inTransaction } from "../store/transaction";
import { evaluationCounts } from "../store/views/counts";
import { evaluationsAtWork } from "../store/views/trainings";
import { copyProblemsIn } from "../store/write/copy-problems";
import type { Deps } from "./deps";
import { studyOf } from "./pages/find";

export interface HardSetRequest {
  study: string;
  /** Problem set that was evaluated. */
  problemSet: string;
  /** Model whose evaluation tells. */
  model: string;
  /** Of the new set; not set: made of the others. */
  name?: string | undefined;
}

export interface HardSet {
  id: string;
  name: string;
  problems: number;
  /** Evaluated problems of the set that they are taken from. */
  of: number;
  /** Samples of a problem, the fewest of any that was taken. */
  samples: number;
}

/**
 * The problems that a model never solved in its evaluations, as a set of their own: what intervention training begins with
 * (method.md, "The pipeline", 1: no success in 64 or 128 samples).
 *
 * @throws InterveneError that says what is missing.
 */
export async function makeHardSet(deps: Pick<Deps, "pool">, o: HardSetRequest): Promise<HardSet> {
  const study = await studyOf(deps, o.study);
  const asked = (e: { model: string; problemSet: string }) => e.model === o.model && e.problemSet === o.problemSet;
  const evaluated = (await evaluationCounts(deps.pool, study.id)).filter(asked);
  const [first] = evaluated;
  if (first === undefined)
    throw new InterveneError("not_found", `“${o.model}” was not evaluated on “${o.problemSet}” in the study “${study.name}”: evaluate it there first.`);
  const atWork = await evaluationsAtWork(deps.pool, study.id);
  if (atWork.some((e) => e.modelId === first.modelId && e.problemSet === o.problemSet))
    throw new InterveneError("conflict", `“${o.model}” is still being evaluated on “${o.problemSet}”: wait until its samples are all there.`);
  const hard = evaluated.filter((e) => e.c === 0);
  if (hard.length === 0) throw new InterveneError("conflict", `“${o.model}” has solved each of the ${evaluated.length} problems of “${o.problemSet}” at least once.`);
  const samples = Math.min(...hard.map((e) => e.n));
  const name = o.name ?? `${o.problemSet}, hard for ${o.model}`;
  const source = `${o.problemSet}: no success of ${o.model} in ${samples} samples`;
  const id = await inTransaction(deps.pool, (tx) => copyProblemsIn(tx, { studyId: study.id, name, source, problemIds: hard.map((e) => e.problemId) }));
  if (id === null) throw new InterveneError("conflict", `The study “${study.name}” has a problem set called “${name}” already: give another name.`);
  return { id, name, problems: hard.length, of: evaluated.length, samples };
}
