import { generateProblems } from "../core/lab/generate";
import { type IntOverrides, labIntSettings } from "../core/recipes";
import type { IntSettings } from "../core/settings";
import { InterveneError } from "../errors";
import { inTransaction, type Tx } from "../store/transaction";
import { createPipelineIn } from "../store/write/create-pipeline";
import { type CreatedStudy, createStudyIn } from "../store/write/create-study";
import type { Deps } from "./deps";

/** Name of the built-in study, of its model, and the name by which the embedded engine serves it. */
export const LAB = { study: "lab", model: "lab", problemSet: "lab-hard", level: "hard" } as const;

/** Seed of the study's problems; the model's training never saw it (its seeds begin at 900000). */
const PROBLEM_SEED = 1;

export interface LabStudyOptions {
  /** How many problems to generate; not set: as many as the run takes. */
  problems?: number;
  /** What to change of the lab's InT settings. */
  settings?: IntOverrides;
}

export interface LabStudy {
  studyId: string;
  pipelineId: string;
  settings: IntSettings;
}

/**
 * Create the lab study with its hard problems and start its InT run, all in one transaction.
 * @throws InterveneError("conflict") when there is a lab study already.
 */
export async function createLabStudy(deps: Pick<Deps, "pool" | "queue">, o: LabStudyOptions = {}): Promise<LabStudy> {
  const base = labIntSettings({ ...o.settings, problemSet: LAB.problemSet });
  const settings = o.problems ? { ...base, maxProblems: o.settings?.maxProblems ?? o.problems } : base;
  const count = o.problems ?? settings.maxProblems;
  if (!Number.isInteger(count) || count < 1)
    throw new InterveneError("bad_input", `The lab study needs a number of problems of at least 1, not ${count}.`);
  return inTransaction(deps.pool, async (tx) => {
    const study = await insertStudy(tx, count);
    const problemIds = settings.maxProblems > 0 ? study.problemIds.slice(0, settings.maxProblems) : study.problemIds;
    const pipelineId = await createPipelineIn(tx, deps.queue, {
      studyId: study.studyId,
      recipe: "int",
      settings,
      modelId: study.modelId,
      problemIds,
      samples: settings.rollout.samples,
    });
    return { studyId: study.studyId, pipelineId, settings };
  });
}

/**
 * The lab study with its model and its hard problems, and no run.
 * @throws InterveneError("conflict") when there is a lab study already.
 */
export async function createIdleLabStudy(deps: Pick<Deps, "pool">): Promise<{ id: string; name: string }> {
  const { studyId } = await inTransaction(deps.pool, (tx) => insertStudy(tx, labIntSettings({}).maxProblems));
  return { id: studyId, name: LAB.study };
}

async function insertStudy(tx: Tx, count: number): Promise<CreatedStudy> {
  const problems = generateProblems({ n: count, seed: PROBLEM_SEED, level: LAB.level });
  const study = await createStudyIn(tx, {
    name: LAB.study,
    kind: "lab",
    note: "The built-in world: word problems by a generator, solved by the project's own small model. Its figures are its own.",
    model: { name: LAB.model, servedName: LAB.model },
    problemSet: { name: LAB.problemSet, source: "generator" },
    problems: problems.map((p) => ({
      key: p.id,
      statement: p.problem,
      answer: p.answer,
      reference: p.referenceSolution,
      referenceSource: "generator",
      difficulty: p.level,
    })),
  });
  if (!study) throw new InterveneError("conflict", `There is a study named "${LAB.study}" already.`);
  return study;
}
