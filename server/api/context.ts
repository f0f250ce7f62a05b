import { parseEnv } from "../env";
import type { Person } from "../core/people";
import { InterveneError } from "../errors";
import { createDeps, type Deps } from "../usecases/deps";
import { personOfToken } from "../usecases/people";
import { cookieFor, tokenOf } from "./cookie";
import { BranchStreams } from "./branch-streams";
import { LiveHub } from "./live";

/** What a request brings. Procedures get {@link Person} itself as `ctx.person` (trpc.ts). */
export interface Context {
  deps: Deps;
  /** The token of the caller's cookie. */
  token: string | null;
  /** Whose token it is; read at most once for each request. */
  whoIs(): Promise<Person | null>;
  /** Keep another token in the caller's browser; null forgets it. */
  setToken(token: string | null): void;
}

/** Who asks, as the transport knows it. */
export interface Caller {
  token?: string | null;
  setToken?: (token: string | null) => void;
}

/** The context apart from HTTP: tests call routers with it. */
export function createContextInner(deps: Deps, caller: Caller = {}): Context {
  const token = caller.token ?? null;
  let person: Promise<Person | null> | undefined;
  return {
    deps,
    token,
    whoIs: () => {
      person ??= personOfToken(deps, token);
      return person;
    },
    setToken: caller.setToken ?? (() => {}),
  };
}

interface Process {
  deps: Deps;
  live: LiveHub;
  branches: BranchStreams;
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
    const deps = createDeps({ databaseUrl, name: "intervene web" });
    home.intervene = { deps, live: new LiveHub(databaseUrl), branches: new BranchStreams(databaseUrl, deps) };
  }
  return home.intervene;
}

/** The context of a request over HTTP. */
export function createContext({ req, resHeaders }: { req: Request; resHeaders: Headers }): Context {
  const secure = new URL(req.url).protocol === "https:" || req.headers.get("x-forwarded-proto") === "https";
  return createContextInner(processDeps().deps, {
    token: tokenOf(req.headers.get("cookie")),
    setToken: (token) => resHeaders.append("set-cookie", cookieFor(token, secure)),
  });
}

/** The context of a page that is rendered on the server, where cookies are read and not set. */
export function createPageContext(token: string | null): Context {
  return createContextInner(processDeps().deps, { token });
}
