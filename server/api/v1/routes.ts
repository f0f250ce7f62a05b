/** Every route of /api/v1. */
import type { Route } from "./route";
import { attemptRoutes } from "./resources/attempts";
import { datasetRoutes } from "./resources/datasets";
import { exportRoutes } from "./resources/exports";
import { interventionRoutes } from "./resources/interventions";
import { importRoutes } from "./resources/imports";
import { runRoutes } from "./resources/runs";
import { studyRoutes } from "./resources/studies";
import { systemRoutes } from "./resources/system";
import { tableRoutes } from "./resources/tables";
import { openApiRoute } from "./resources/openapi";

const resources: readonly Route[] = [
  ...systemRoutes,
  ...studyRoutes,
  ...attemptRoutes,
  ...interventionRoutes,
  ...runRoutes,
  ...importRoutes,
  ...exportRoutes,
  ...datasetRoutes,
  ...tableRoutes,
];

export const routes: readonly Route[] = [...resources, openApiRoute(resources)];
