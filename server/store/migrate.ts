import { createHash, randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { InterveneError, messageOf } from "@/server/errors";

/** The key of Prisma's own lock, so that `prisma migrate deploy` and we exclude each other too. */
const LOCK = 72707369;

/** One folder of prisma/migrations. */
export interface Migration {
  name: string;
  sql: string;
  /** sha256 of the file, hex, as Prisma computes it. */
  checksum: string;
}

/** A row of _prisma_migrations, as far as it matters here. */
interface AppliedMigration {
  migration_name: string;
  checksum: string;
  finished_at: Date | null;
  rolled_back_at: Date | null;
}

/** The migrations of this version, in order. `folder` defaults to prisma/migrations. */
export function readMigrations(folder = fileURLToPath(new URL("../../prisma/migrations", import.meta.url))): Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const bytes = readFileSync(path.join(folder, name, "migration.sql"));
      return { name, sql: bytes.toString("utf8"), checksum: createHash("sha256").update(bytes).digest("hex") };
    });
}

/**
 * Which migrations are left to apply, given what the database has.
 * @throws InterveneError("cannot_start") for a database of a newer version, a migration that failed half-way, or a
 * migration file that was changed after it had been applied.
 */
export function planMigrations(known: Migration[], applied: AppliedMigration[]): Migration[] {
  const standing = applied.filter((row) => row.rolled_back_at === null);
  const unknown = standing.find((row) => !known.some((m) => m.name === row.migration_name));
  if (unknown) {
    throw new InterveneError("cannot_start", `The database was made by a newer version of Intervene (it has the migration ${unknown.migration_name}, which this version does not know): start that version, or use another INTERVENE_HOME or DATABASE_URL.`);
  }
  const broken = standing.find((row) => row.finished_at === null);
  if (broken) {
    throw new InterveneError("cannot_start", `The migration ${broken.migration_name} did not finish in this database: repair it with "prisma migrate resolve", or use another INTERVENE_HOME or DATABASE_URL.`);
  }
  const done = new Map(standing.map((row) => [row.migration_name, row.checksum]));
  const changed = known.find((m) => done.has(m.name) && done.get(m.name) !== m.checksum);
  if (changed) {
    throw new InterveneError("cannot_start", `prisma/migrations/${changed.name}/migration.sql was changed after it had been applied to this database: put the file back as it was, or use another INTERVENE_HOME or DATABASE_URL.`);
  }
  return known.filter((m) => !done.has(m.name));
}

/**
 * Bring the database up to this version, as `prisma migrate deploy` would, without Prisma's engine: under its advisory
 * lock, with rows in _prisma_migrations that it accepts. Each migration is one transaction, so none can stop half-way
 * (hence no CREATE INDEX CONCURRENTLY in a migration).
 * @returns names of the migrations applied now.
 * @throws InterveneError("cannot_start") see planMigrations; also when the database holds other people's tables.
 */
export async function migrate(url: string, known: Migration[] = readMigrations()): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, application_name: "intervene migrate" });
  client.on("error", () => {}); // the query in flight reports it
  try {
    await client.connect();
  } catch (cause) {
    throw new InterveneError("cannot_start", `The database at ${withoutPassword(url)} cannot be reached: ${reasonOf(cause)}.`, { cause });
  }
  try {
    await client.query("SELECT pg_advisory_lock($1)", [LOCK]);
    const pending = planMigrations(known, await readApplied(client));
    for (const migration of pending) await apply(client, migration);
    return pending.map((m) => m.name);
  } finally {
    await client.end().catch(() => {}); // also releases the lock
  }
}

async function readApplied(client: pg.Client): Promise<AppliedMigration[]> {
  const table = await client.query<{ there: boolean }>("SELECT to_regclass('_prisma_migrations') IS NOT NULL AS there");
  if (table.rows[0]?.there) {
    const rows = await client.query<AppliedMigration>("SELECT migration_name, checksum, finished_at, rolled_back_at FROM _prisma_migrations ORDER BY started_at");
    return rows.rows;
  }
  const foreign = await client.query<{ name: string }>("SELECT relname AS name FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm') AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = pg_class.oid AND d.deptype = 'e') LIMIT 1");
  const first = foreign.rows[0];
  if (first) {
    throw new InterveneError("cannot_start", `The database of DATABASE_URL is not empty and was not made by Intervene (it has a table "${first.name}"): name an empty database.`);
  }
  // The table as Prisma's schema engine creates it.
  await client.query(`CREATE TABLE "_prisma_migrations" (
    "id" VARCHAR(36) PRIMARY KEY NOT NULL,
    "checksum" VARCHAR(64) NOT NULL,
    "finished_at" TIMESTAMPTZ,
    "migration_name" VARCHAR(255) NOT NULL,
    "logs" TEXT,
    "rolled_back_at" TIMESTAMPTZ,
    "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
    "applied_steps_count" INTEGER NOT NULL DEFAULT 0
  )`);
  return [];
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query("BEGIN");
  try {
    await client.query(
      'INSERT INTO "_prisma_migrations" (id, checksum, migration_name, started_at, finished_at, applied_steps_count) VALUES ($1, $2, $3, clock_timestamp(), NULL, 0)',
      [randomUUID(), migration.checksum, migration.name],
    );
    await client.query(migration.sql);
    await client.query('UPDATE "_prisma_migrations" SET finished_at = clock_timestamp(), applied_steps_count = 1 WHERE migration_name = $1 AND finished_at IS NULL AND rolled_back_at IS NULL', [migration.name]);
    await client.query("COMMIT");
  } catch (cause) {
    await client.query("ROLLBACK").catch(() => {});
    throw new InterveneError("cannot_start", `The migration ${migration.name} failed and was undone: ${messageOf(cause)}`, { cause });
  }
}

function withoutPassword(url: string): string {
  const u = new URL(url);
  return `${u.hostname}:${u.port || 5432}${u.pathname}`;
}

/** node's AggregateError (one error for each address of a host name) has an empty message of its own. */
function reasonOf(error: unknown): string {
  return error instanceof AggregateError ? error.errors.map(messageOf).join("; ") : messageOf(error);
}
