import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";
import { connectDatabase, type Database } from "@/server/store/connection";

const TEMPLATE = "intervene_template";

export interface TestDatabase extends Database {
  name: string;
}

/**
 * A migrated, empty database of the test's own (a clone of the template, well under a second). Call it in beforeAll or
 * in a test; `close()` in afterAll ends its pool and drops it, and throws when something is still connected to it.
 */
export async function createTestDatabase(label = "test"): Promise<TestDatabase> {
  const server = inject("testServerUrl");
  const name = `${label.replace(/\W+/g, "_").toLowerCase()}_${randomBytes(6).toString("hex")}`;
  await onServer(server, (client) =>
    client.query(`CREATE DATABASE ${client.escapeIdentifier(name)} TEMPLATE ${TEMPLATE}`),
  );
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  const database = connectDatabase(url, { name: `test ${label}` });
  return {
    ...database,
    name,
    async close() {
      await database.close();
      await onServer(server, async (client) => {
        for (let tries = 0; ; tries++) {
          const others = await client.query<{ application_name: string }>(
            "SELECT application_name FROM pg_stat_activity WHERE datname = $1",
            [name],
          );
          if (others.rowCount === 0) break;
          if (tries === 30)
            throw new Error(
              `Still connected to the test database ${name}: ${others.rows.map((r) => r.application_name).join(", ")}`,
            );
          await new Promise((r) => setTimeout(r, 100)); // a killed process's connections go within a moment
        }
        await client.query(`DROP DATABASE ${client.escapeIdentifier(name)}`);
      });
    },
  };
}

async function onServer<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: "test support" });
  client.on("error", () => {}); // the query in flight reports it
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
