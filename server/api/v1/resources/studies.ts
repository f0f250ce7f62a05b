import { z } from "zod";
import { modelShape, problemDetailShape, problemSetShape, problemShape, studyShape } from "../../../core/programs/shapes";
import {
  getProblem,
  getStudy,
  listModels,
  listProblemSets,
  listProblems,
  listStudies,
  makeProblemSet,
  makeStudy,
} from "../../../usecases/programs/studies";
import { jsonBody } from "../body";
import { listRoute } from "../paging";
import { type Route, route } from "../route";
import { idIn, inStudy } from "./params";

const newStudy = z.strictObject({ name: z.string().trim().min(1).max(200), note: z.string().max(10_000).default("") });

const newProblemSet = z.strictObject({
  problem_set: z.string().max(300).meta({ description: "the set that was evaluated, by name" }),
  hard_for: z.string().max(300).meta({ description: "name of the model that never solved them" }),
  name: z.string().trim().min(1).max(200).optional().meta({ description: "of the new set" }),
});

const byId = (row: { id: string }) => row.id;

export const studyRoutes: readonly Route[] = [
  listRoute({
    path: "/studies",
    id: "listStudies",
    tag: "studies",
    summary: "Studies, oldest first",
    params: z.object({}),
    filters: {},
    row: studyShape,
    page: ({ program }, at) => listStudies(program.deps, at),
    after: byId,
  }),
  route({
    method: "POST",
    path: "/studies",
    id: "createStudy",
    tag: "studies",
    summary: "Make an empty study",
    description: "Imports and pushed rollouts make their study themselves where there is none of the name.",
    scope: "write",
    body: jsonBody(newStudy),
    status: 201,
    answer: studyShape,
    async handle({ program, body }) {
      const study = await makeStudy(program.deps, body);
      return { value: study, headers: { location: `/api/v1/studies/${study.id}` } };
    },
  }),
  route({
    method: "GET",
    path: "/studies/{study}",
    id: "getStudy",
    tag: "studies",
    summary: "One study",
    scope: "read",
    params: inStudy,
    answer: studyShape,
    handle: async ({ program, path }) => ({ value: await getStudy(program.deps, path.study) }),
  }),
  listRoute({
    path: "/studies/{study}/problem-sets",
    id: "listProblemSets",
    tag: "studies",
    summary: "Problem sets of a study",
    params: inStudy,
    filters: {},
    row: problemSetShape,
    page: ({ program, path }, at) => listProblemSets(program.deps, path.study, at),
    after: byId,
  }),
  route({
    method: "POST",
    path: "/studies/{study}/problem-sets",
    id: "makeProblemSet",
    tag: "studies",
    summary: "Make a set of the problems that a model never solved in its evaluations",
    description: "Evaluate the model on a problem set first (`evaluate`, with enough samples); those without any right one are copied into a set of their own.",
    scope: "write",
    params: inStudy,
    body: jsonBody(newProblemSet),
    status: 201,
    answer: problemSetShape,
    async handle({ program, path, body }) {
      const { problem_set: problemSet, hard_for: model, name } = body;
      return { value: await makeProblemSet(program.deps, { study: path.study, problemSet, model, name }) };
    },
  }),
  listRoute({
    path: "/studies/{study}/problems",
    id: "listProblems",
    tag: "studies",
    summary: "Problems of a study with their attempts counted",
    params: inStudy,
    filters: { problem_set: z.string().optional().meta({ description: "only of this problem set, by name" }) },
    row: problemShape,
    page: ({ program, path, query }, at) =>
      listProblems(program.deps, path.study, { problemSet: query.problem_set }, at),
    after: byId,
  }),
  route({
    method: "GET",
    path: "/studies/{study}/problems/{problem}",
    id: "getProblem",
    tag: "studies",
    summary: "One problem with its reference solution",
    scope: "read",
    params: idIn("problem"),
    answer: problemDetailShape,
    handle: async ({ program, path }) => ({ value: await getProblem(program.deps, path.study, path.problem) }),
  }),
  listRoute({
    path: "/studies/{study}/models",
    id: "listModels",
    tag: "studies",
    summary: "Models of a study",
    params: inStudy,
    filters: {},
    row: modelShape,
    page: ({ program, path }, at) => listModels(program.deps, path.study, at),
    after: byId,
  }),
];
