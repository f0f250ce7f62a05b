import { v7 as uuid } from "uuid";
import { generateProblems } from "../core/lab/generate";
import { LAB } from "./create-lab-study";
import type { Deps } from "./deps";
import type { StudyName } from "./recipes/recipe";

/** The lab's problem sets for training and for what training must not have seen, with the seeds that they are generated from. */
export const LAB_SETS = { train: { name: "lab-train", seed: 2 }, test: { name: "lab-test", seed: 3 } } as const;

/** Problems of a set that the lab makes by itself. */
const PROBLEMS = 200;

/** The lab's training and held-out sets in a study, made where they are not there. @returns their names. */
export async function labSets(deps: Pick<Deps, "prisma">, study: StudyName, problems = PROBLEMS): Promise<{ train: string; test: string[] }> {
  for (const { name, seed } of Object.values(LAB_SETS)) {
    const there = await deps.prisma.problemSet.findUnique({ where: { studyId_name: { studyId: study.id, name } } });
    if (there) continue;
    const id = uuid();
    await deps.prisma.$transaction([
      deps.prisma.problemSet.create({ data: { id, studyId: study.id, name, source: "generator" } }),
      deps.prisma.problem.createMany({
        data: generateProblems({ n: problems, seed, level: LAB.level }).map((p, ordinal) => ({
          id: uuid(),
          studyId: study.id,
          problemSetId: id,
          key: p.id,
          ordinal,
          statement: p.problem,
          answer: p.answer,
          reference: p.referenceSolution,
          referenceSource: "generator",
          difficulty: p.level,
        })),
      }),
    ]);
  }
  return { train: LAB_SETS.train.name, test: [LAB_SETS.test.name] };
}
