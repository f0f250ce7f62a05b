import { randomUUID } from "node:crypto";
import { createContextInner } from "@/server/api/context";
import { createCaller } from "@/server/api/root";
import type { ItemView } from "@/server/core/views/judging";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { takeName } from "@/server/usecases/people";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { type SeedOptions, type Seeded, seedStudy } from "../support/seed-study";

export type Caller = ReturnType<typeof createCaller>;

export interface JudgingWorld {
  db: TestDatabase;
  deps: Deps;
  study: Seeded & { name: string };
  /** A caller who has taken this name; the same name again is the same person. */
  as(name: string): Promise<Caller>;
  /** A caller without a name. */
  nobody: Caller;
  /** Move the database's clock for reservations: everything that is held runs out so many seconds earlier. */
  passSeconds(seconds: number): Promise<void>;
  close(): Promise<void>;
}

/** A seeded study with routers on it, without HTTP. */
export async function judgingWorld(label: string, seed: SeedOptions = {}): Promise<JudgingWorld> {
  const db = await createTestDatabase(label);
  const deps = createDeps({ databaseUrl: db.url, name: `test ${label}`, max: 24 });
  const name = "to judge";
  const study = { ...(await seedStudy(db.pool, { problems: 8, samples: 3, ...seed, name })), name };
  const callers = new Map<string, Promise<Caller>>();
  const enter = async (person: string) =>
    createCaller(createContextInner(deps, { token: (await takeName(deps, person)).token }));
  return {
    db,
    deps,
    study,
    as: (person) => {
      const known = callers.get(person) ?? enter(person);
      callers.set(person, known);
      return known;
    },
    nobody: createCaller(createContextInner(deps)),
    passSeconds: async (seconds) => {
      await db.pool.query(
        "UPDATE lease SET opened_at = opened_at - make_interval(secs => $1), expires_at = expires_at - make_interval(secs => $1)",
        [seconds],
      );
    },
    close: async () => {
      await deps.close();
      await db.close();
    },
  };
}

/** A decision as a page would send it. */
export const send = (item: Pick<ItemView, "id">, more: Record<string, unknown> = {}) => ({
  item: item.id,
  clientKey: randomUUID(),
  seconds: 3,
  action: "accept" as const,
  next: false,
  ...more,
});

/** The item of an answer. @throws when there is none. */
export function must<T>(value: T | null | undefined, what = "an item"): T {
  if (value === null || value === undefined) throw new Error(`there is no ${what}`);
  return value;
}
