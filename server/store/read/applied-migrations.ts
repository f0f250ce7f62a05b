import type pg from "pg";
import { planMigrations, readMigrations } from "../migrate";
import type { Sql } from "../views/sql";

/**
 * Names of the migrations that a start would apply; changes nothing.
 * @throws InterveneError("cannot_start") for a database of a newer version or a damaged one.
 */
export async function pendingMigrations(sql: Sql): Promise<string[]> {
  const table = await sql.query<{ there: boolean }>("SELECT to_regclass('_prisma_migrations') IS NOT NULL AS there");
  const known = readMigrations();
  if (!table.rows[0]?.there) return known.map((m) => m.name);
  type Row = Parameters<typeof planMigrations>[1][number] & pg.QueryResultRow;
  const applied = await sql.query<Row>(
    "SELECT migration_name, checksum, finished_at, rolled_back_at FROM _prisma_migrations ORDER BY started_at",
  );
  return planMigrations(known, applied.rows).map((m) => m.name);
}

/** "18.4" */
export async function serverVersion(sql: Sql): Promise<string> {
  const { rows } = await sql.query<{ v: string }>("SELECT split_part(current_setting('server_version'), ' ', 1) AS v");
  return rows[0]?.v ?? "";
}
