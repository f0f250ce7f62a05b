import { z } from "zod";
import { cancelRun, pauseRun, resumeRun, retryFailed } from "../../usecases/control-run";
import { procedure, router } from "../trpc";

const target = z.object({ pipelineId: z.uuid() });

/** Commands to a whole pipeline. */
export const runsRouter = router({
  pause: procedure.input(target).mutation(({ ctx, input }) => pauseRun(ctx.deps, input)),
  resume: procedure.input(target).mutation(({ ctx, input }) => resumeRun(ctx.deps, input)),
  cancel: procedure.input(target).mutation(({ ctx, input }) => cancelRun(ctx.deps, input)),
  retry: procedure.input(target).mutation(({ ctx, input }) => retryFailed(ctx.deps, input)),
});
