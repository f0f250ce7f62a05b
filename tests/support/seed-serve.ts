/**
 * A seeded database to look at pages with, apart from the product's own: `tsx tests/support/seed-serve.ts FOLDER`, then
 * `DATABASE_URL=… next dev`. Stops on Ctrl-C.
 */
import path from "node:path";
import pg from "pg";
import { migrate } from "@/server/store/migrate";
import { startDatabaseServer } from "@/workers/database/server";
import { seedComparison } from "./seed-comparison";
import { seedStudy } from "./seed-study";

const folder = path.resolve(process.argv[2] ?? ".intervene/seeded");
const server = await startDatabaseServer({
  folder: path.join(folder, "postgres"),
  logFile: path.join(folder, "postgres.log"),
  settings: { fsync: "off" },
});
await migrate(server.url);
const pool = new pg.Pool({ connectionString: server.url });
const { rows } = await pool.query<{ n: number }>("SELECT count(*)::int AS n FROM study");
if (rows[0]?.n === 0) {
  for (const [name, state] of [
    ["seeded", "done"],
    ["in progress", "running"],
  ] as const) {
    const s = await seedStudy(pool, { name, state });
    console.log(
      `/studies/${encodeURIComponent(name)}/attempts/${s.attemptId}\n/studies/${encodeURIComponent(name)}/attempts/${s.longAttemptId}`,
    );
  }
  await seedComparison(pool, { study: "compared" });
  console.log("/studies/compared/compare");
}
await pool.end();
console.log(`DATABASE_URL=${server.url}`);
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void server.stop().then(() => process.exit(0)));
