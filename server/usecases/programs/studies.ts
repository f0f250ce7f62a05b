import type {
  ModelShape,
  ProblemDetailShape,
  ProblemSetShape,
  ProblemShape,
  StudyShape,
} from "../../core/programs/shapes";
import { InterveneError } from "../../errors";
import {
  modelsAfter,
  problemById,
  problemSetById,
  problemSetsAfter,
  problemsAfter,
  studiesAfter,
  studyById,
} from "../../store/programs/studies";
import type { Sql } from "../../store/views/sql";
import { ensureStudy } from "../../store/write/import-study";
import type { Deps } from "../deps";
import { type HardSetRequest, makeHardSet } from "../hard-set";
import { type PageDeps, studyOf } from "../pages/find";
import { type ListAt, type ListPage, pageById } from "./page";

export function listStudies(deps: PageDeps, at: ListAt): Promise<ListPage<StudyShape>> {
  return pageById(at, (after, limit) => studiesAfter(deps.pool, after, limit));
}

/** @throws InterveneError("not_found") */
export async function getStudy(deps: PageDeps, nameOrId: string): Promise<StudyShape> {
  return found(deps.pool, (await studyOf(deps, nameOrId)).id);
}

/** An empty study. @throws InterveneError("conflict") when there is one of this name. */
export async function makeStudy(deps: PageDeps, input: { name: string; note: string }): Promise<StudyShape> {
  const { id, isNew } = await ensureStudy(deps.pool, input.name);
  if (!isNew) throw new InterveneError("conflict", `There is a study called “${input.name}” already.`);
  if (input.note !== "") await deps.pool.query("UPDATE study SET note = $2 WHERE id = $1", [id, input.note]);
  return found(deps.pool, id);
}

async function found(sql: Sql, id: string): Promise<StudyShape> {
  const study = await studyById(sql, id);
  if (study === null) throw new InterveneError("not_found", `There is no study ${id} any more.`);
  return study;
}

export async function listProblemSets(deps: PageDeps, study: string, at: ListAt): Promise<ListPage<ProblemSetShape>> {
  const { id } = await studyOf(deps, study);
  return pageById(at, (after, limit) => problemSetsAfter(deps.pool, id, after, limit));
}

/** A set of the problems that a model never solved. @throws InterveneError as {@link makeHardSet}. */
export async function makeProblemSet(deps: Pick<Deps, "pool">, input: HardSetRequest): Promise<ProblemSetShape> {
  const { id, name } = await makeHardSet(deps, input);
  const made = await problemSetById(deps.pool, id);
  if (made === null) throw new InterveneError("not_found", `The problem set “${name}” was made, and is gone again.`);
  return made;
}

export async function listProblems(
  deps: PageDeps,
  study: string,
  where: { problemSet: string | undefined },
  at: ListAt,
): Promise<ListPage<ProblemShape>> {
  const { id } = await studyOf(deps, study);
  return pageById(at, (after, limit) => problemsAfter(deps.pool, id, where, after, limit));
}

/** @throws InterveneError("not_found") */
export async function getProblem(deps: PageDeps, study: string, problem: string): Promise<ProblemDetailShape> {
  const { id, name } = await studyOf(deps, study);
  const row = await problemById(deps.pool, id, problem);
  if (row === null) throw new InterveneError("not_found", `The study “${name}” has no problem ${problem}.`);
  return row;
}

export async function listModels(deps: PageDeps, study: string, at: ListAt): Promise<ListPage<ModelShape>> {
  const { id } = await studyOf(deps, study);
  return pageById(at, (after, limit) => modelsAfter(deps.pool, id, after, limit));
}
