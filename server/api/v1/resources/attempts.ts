import { z } from "zod";
import { attemptDetailShape, attemptShape } from "../../../core/programs/shapes";
import { attemptQuerySchema } from "../../../core/views/attempts";
import { getAttempt, pageOfAttempts } from "../../../usecases/programs/attempts";
import { listRoute } from "../paging";
import { type Route, route } from "../route";
import { idIn, inStudy, withText } from "./params";

export const attemptRoutes: readonly Route[] = [
  listRoute({
    path: "/studies/{study}/attempts",
    id: "listAttempts",
    tag: "attempts",
    summary: "Attempts, with the filters and sorts of the page's table",
    params: inStudy,
    filters: { ...attemptQuerySchema.shape, include: withText },
    row: attemptShape,
    page({ program, path, query }, at) {
      const { include, ...rest } = query;
      return pageOfAttempts(program.deps, path.study, attemptQuerySchema.parse(rest), include === "text", at);
    },
  }),
  route({
    method: "GET",
    path: "/studies/{study}/attempts/{attempt}",
    id: "getAttempt",
    tag: "attempts",
    summary: "One attempt: text, steps, grades, labels, verifications, proposals, arms",
    scope: "read",
    params: idIn("attempt"),
    answer: attemptDetailShape,
    handle: async ({ program, path }) => ({ value: await getAttempt(program.deps, path.study, path.attempt) }),
  }),
];
