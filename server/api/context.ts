import { parseEnv } from "../env";
import { InterveneError } from "../errors";
import { createDeps, type Deps } from "../usecases/deps";
import { LiveHub } from "./live";

/** What every procedure gets. */
export interface Context {
  deps: Deps;
}

/** The context apart from HTTP: tests call routers with it. */
export function createContextInner(deps: Deps): Context {
  return { deps };
}

interface Process {
  deps: Deps;
  live: LiveHub;
}

// Next bundles routes and pages apart from each other, so a module's own variable would exist several times.
const home = globalThis as typeof globalThis & { intervene?: Process };

/** The one pool and the one listener of this web process, opened on first use. */
export function processDeps(): Process {
  if (home.intervene === undefined) {
    const { databaseUrl } = parseEnv();
    if (databaseUrl === undefined) {
      throw new InterveneError(
        "cannot_start",
        "DATABASE_URL is not set. `npm start` starts the pages together with their database.",
      );
    }
    home.intervene = { deps: createDeps({ databaseUrl, name: "intervene web" }), live: new LiveHub(databaseUrl) };
  }
  return home.intervene;
}

/** The context of a request. */
export function createContext(): Context {
  return createContextInner(processDeps().deps);
}
