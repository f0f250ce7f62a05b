import { z } from "zod";
import { ARMS, OUTCOMES } from "../../../core/arms";
import { continuationShape, decisionShape, proposalShape } from "../../../core/programs/shapes";
import { listContinuations, listDecisions, listProposals } from "../../../usecases/programs/interventions";
import { listRoute } from "../paging";
import type { Route } from "../route";
import { inStudy, withText } from "./params";

const byId = (row: { id: string }) => row.id;

export const interventionRoutes: readonly Route[] = [
  listRoute({
    path: "/studies/{study}/proposals",
    id: "listProposals",
    tag: "interventions",
    summary: "Proposed interventions with their problems",
    description:
      "`state=kept`: at least one continuation from it succeeded. `state=accepted`: people accepted it or wrote it (the settlement of its queue item, or the decision on which all of its judges agree).",
    params: inStudy,
    filters: {
      state: z.enum(["chosen", "kept", "accepted"]).optional(),
      author: z.enum(["model", "person"]).optional(),
      run: z.uuid().optional().meta({ description: "of this run (stage verify or import)" }),
      leaked: z.enum(["true", "false"]).optional().meta({ description: "whether it gives the answer away, by equivalence" }),
      include: z.enum(["texts"]).optional().meta({ description: "texts: attempt, prefix and guided_attempt too" }),
    },
    row: proposalShape,
    page: ({ program, path, query }, at) =>
      listProposals(
        program.deps,
        path.study,
        {
          state: query.state,
          author: query.author,
          run: query.run,
          leaked: query.leaked === undefined ? undefined : query.leaked === "true",
        },
        query.include === "texts",
        at,
      ),
    after: byId,
  }),
  listRoute({
    path: "/studies/{study}/decisions",
    id: "listDecisions",
    tag: "interventions",
    summary: "What people decided, oldest first; undone ones and undos too",
    description:
      "Decisions about an item of a blind queue come once it has all of its votes, or the queue is closed. Judges have pseudonyms (the same as in exports) unless `names=true`.",
    params: inStudy,
    filters: {
      queue: z.string().max(300).optional().meta({ description: "name or id" }),
      action: z.string().max(40).optional(),
      names: z.enum(["true", "false"]).default("false"),
    },
    row: decisionShape,
    page({ program, path, query }, at) {
      const { queue, action, names } = query;
      return listDecisions(program.deps, path.study, { queue, action, names: names === "true" }, at);
    },
    after: byId,
  }),
  listRoute({
    path: "/studies/{study}/continuations",
    id: "listContinuations",
    tag: "interventions",
    summary: "Samples that go on from an unfinished answer",
    params: inStudy,
    filters: {
      arm: z.enum(ARMS).optional(),
      outcome: z.enum(OUTCOMES).optional(),
      problem: z.uuid().optional(),
      attempt: z.uuid().optional(),
      proposal: z.uuid().optional(),
      run: z.uuid().optional(),
      include: withText,
    },
    row: continuationShape,
    page: ({ program, path, query }, at) => {
      const { arm, outcome, problem, attempt, proposal, run } = query;
      const where = { arm, outcome, problem, attempt, proposal, run };
      return listContinuations(program.deps, path.study, where, query.include === "text", at);
    },
    after: byId,
  }),
];
