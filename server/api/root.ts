import type { inferRouterOutputs } from "@trpc/server";
import { attemptsRouter } from "./routers/attempts";
import { branchesRouter } from "./routers/branches";
import { datasetsRouter } from "./routers/datasets";
import { peopleRouter } from "./routers/people";
import { localisationRouter } from "./routers/localisation";
import { queuesRouter } from "./routers/queues";
import { runsRouter } from "./routers/runs";
import { studiesRouter } from "./routers/studies";
import { valuesRouter } from "./routers/values";
import { createCallerFactory, router } from "./trpc";

export const appRouter = router({ studies: studiesRouter, attempts: attemptsRouter, datasets: datasetsRouter, runs: runsRouter, localisation: localisationRouter, people: peopleRouter,
  queues: queuesRouter, branches: branchesRouter, values: valuesRouter });
export type AppRouter = typeof appRouter;
export type RouterOutputs = inferRouterOutputs<AppRouter>;

/** Call the routers without HTTP (tests). */
export const createCaller = createCallerFactory(appRouter);
