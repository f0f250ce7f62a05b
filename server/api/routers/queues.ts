import { z } from "zod";
import { NOT_AGAIN } from "../../core/judging/not-again";
import { readAgreement } from "../../usecases/judging/agreement";
import { decide, decideSchema, undo, undoSchema } from "../../usecases/judging/decide";
import { listDifferences, readDifference, settle, settleSchema } from "../../usecases/judging/differences";
import { saveDraft, saveDraftSchema } from "../../usecases/judging/drafts";
import { readPeopleEffect } from "../../usecases/judging/effect";
import { flowStudy } from "../../usecases/judging/flow";
import { readHistory, readMine } from "../../usecases/judging/history";
import { readItem } from "../../usecases/judging/item-view";
import { beat, holdItem, nextItem, releaseItem } from "../../usecases/judging/next";
import { readProgress } from "../../usecases/judging/progress";
import {
  closeQueue,
  createQueue,
  editQueue,
  editQueueSchema,
  listQueues,
  newQueueSchema,
  previewQueue,
  queueItemsSchema,
  readQueue,
} from "../../usecases/judging/queues";
import { readOwnSamples, sampleOwn, sampleSchema } from "../../usecases/judging/sample";
import { studyOf } from "../../usecases/pages/find";
import { personProcedure, procedure, router } from "../trpc";

const queue = z.object({ queue: z.uuid() });
const item = z.object({ item: z.uuid() });

/** Judging: queues, their items one by one, and what comes of it. What may be seen is decided in core/judging/visible.ts alone. */
export const queuesRouter = router({
  list: procedure
    .input(z.object({ study: z.string() }))
    .query(({ ctx, input }) => listQueues(ctx.deps, { ...input, person: ctx.person })),
  get: procedure.input(queue).query(({ ctx, input }) => readQueue(ctx.deps, { ...input, person: ctx.person })),
  preview: procedure.input(queueItemsSchema).query(({ ctx, input }) => previewQueue(ctx.deps, input)),
  create: procedure.input(newQueueSchema).mutation(({ ctx, input }) => createQueue(ctx.deps, input, ctx.person)),
  edit: procedure.input(editQueueSchema).mutation(({ ctx, input }) => editQueue(ctx.deps, input)),
  close: procedure
    .input(queue.extend({ closed: z.boolean().default(true) }))
    .mutation(({ ctx, input }) => closeQueue(ctx.deps, input)),
  progress: procedure.input(queue).query(({ ctx, input }) => readProgress(ctx.deps, input)),
  agreement: procedure.input(queue).query(({ ctx, input }) => readAgreement(ctx.deps, input)),

  /** Reserve the next item; `not`: those that the page has already. */
  next: personProcedure
    .input(queue.extend({ not: z.array(z.uuid()).max(NOT_AGAIN).default([]) }))
    .mutation(({ ctx, input }) => nextItem(ctx.deps, { ...input, person: ctx.person })),
  /** An item again, as the person may see it now. */
  item: procedure.input(item).query(({ ctx, input }) => readItem(ctx.deps, { ...input, personId: ctx.person?.id ?? null })),
  /** Every 30 s or so, for all items that the page has. */
  heartbeat: personProcedure
    .input(z.object({ items: z.array(z.uuid()).max(10) }))
    .mutation(({ ctx, input }) => beat(ctx.deps, { ...input, person: ctx.person })),
  hold: personProcedure.input(item).mutation(({ ctx, input }) => holdItem(ctx.deps, { ...input, person: ctx.person })),
  release: personProcedure
    .input(item)
    .mutation(({ ctx, input }) => releaseItem(ctx.deps, { ...input, person: ctx.person })),
  decide: personProcedure
    .input(decideSchema)
    .mutation(({ ctx, input }) => decide(ctx.deps, { ...input, person: ctx.person })),
  undo: personProcedure.input(undoSchema).mutation(({ ctx, input }) => undo(ctx.deps, { ...input, person: ctx.person })),
  saveDraft: personProcedure
    .input(saveDraftSchema)
    .mutation(({ ctx, input }) => saveDraft(ctx.deps, { ...input, person: ctx.person })),
  /** Sample from one's own correction; the branch is followed as any other (branches.get, its stream). */
  sample: personProcedure
    .input(sampleSchema)
    .mutation(({ ctx, input }) => sampleOwn(ctx.deps, { ...input, person: ctx.person })),
  samples: personProcedure
    .input(item)
    .query(({ ctx, input }) => readOwnSamples(ctx.deps, { ...input, person: ctx.person })),

  mine: personProcedure
    .input(queue.extend({ limit: z.number().int().min(1).max(200).default(50) }))
    .query(({ ctx, input }) => readMine(ctx.deps, { ...input, person: ctx.person })),
  history: procedure.input(item).query(({ ctx, input }) => readHistory(ctx.deps, { ...input, person: ctx.person })),

  differences: procedure
    .input(
      queue.extend({
        which: z.enum(["open", "settled"]).default("open"),
        /** `next` of the page before. */
        after: z.number().int().min(0).default(0),
        /** The same, as pages that grow ask for it. */
        cursor: z.number().int().min(0).nullish(),
      }),
    )
    .query(({ ctx, input }) => listDifferences(ctx.deps, { ...input, after: input.cursor ?? input.after, person: ctx.person })),
  difference: procedure.input(item).query(({ ctx, input }) => readDifference(ctx.deps, { ...input, person: ctx.person })),
  settle: personProcedure
    .input(settleSchema)
    .mutation(({ ctx, input }) => settle(ctx.deps, { ...input, person: ctx.person })),

  /** What people changed in a study and what that did to coverage, against the model's versions of a pipeline. */
  effect: procedure
    .input(z.object({ study: z.string(), pipeline: z.uuid().nullable() }))
    .query(({ ctx, input }) => readPeopleEffect(ctx.deps, input)),
  /** Ask for the continuations of people's versions that have none yet. */
  sampleVersions: personProcedure.input(z.object({ study: z.string() })).mutation(async ({ ctx, input }) => {
    const { id } = await studyOf(ctx.deps, input.study);
    return { versions: await flowStudy(ctx.deps, id) };
  }),
});
