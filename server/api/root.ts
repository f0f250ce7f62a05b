import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import { attemptsRouter } from "./routers/attempts";
import { branchesRouter } from "./routers/branches";
import { compareInterventionsRouter } from "./routers/compare-interventions";
import { compareSourcesRouter } from "./routers/compare-sources";
import { compareRunsRouter } from "./routers/compare-runs";
import { compareTableRouter } from "./routers/compare-table";
import { datasetsRouter } from "./routers/datasets";
import { exportsRouter } from "./routers/exports";
import { peopleRouter } from "./routers/people";
import { keysRouter } from "./routers/keys";
import { listsRouter } from "./routers/lists";
import { localisationRouter } from "./routers/localisation";
import { publicationsRouter } from "./routers/publications";
import { queuesRouter } from "./routers/queues";
import { importsRouter } from "./routers/imports";
import { runsRouter } from "./routers/runs";
import { scoresRouter } from "./routers/scores";
import { studiesRouter } from "./routers/studies";
import { trainingsRouter } from "./routers/trainings";
import { valuesRouter } from "./routers/values";
import { createCallerFactory, router } from "./trpc";

export const appRouter = router({ studies: studiesRouter, attempts: attemptsRouter, datasets: datasetsRouter, runs: runsRouter, imports: importsRouter, exports: exportsRouter, publications: publicationsRouter, lists: listsRouter, localisation: localisationRouter, people: peopleRouter,
  queues: queuesRouter, branches: branchesRouter, values: valuesRouter, scores: scoresRouter, keys: keysRouter, trainings: trainingsRouter, compareTable: compareTableRouter, compareRuns: compareRunsRouter, compareSources: compareSourcesRouter, compareInterventions: compareInterventionsRouter });
export type AppRouter = typeof appRouter;
export type RouterInputs = inferRouterInputs<AppRouter>;
export type RouterOutputs = inferRouterOutputs<AppRouter>;

/** Call the routers without HTTP (tests). */
export const createCaller = createCallerFactory(appRouter);
