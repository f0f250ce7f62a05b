import { afterAll, beforeAll, expect, test } from "vitest";
import { connectDatabase } from "@/server/store/connection";
import { migrate, readMigrations } from "@/server/store/migrate";
import { createTestDatabase, type TestDatabase } from "../support/database";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase("migrate");
});
afterAll(() => db.close());

test("a database of this version is left as it is", async () => {
  expect(await migrate(db.url)).toEqual([]);
  const rows = await db.pool.query("SELECT migration_name, checksum, finished_at IS NOT NULL AS finished, rolled_back_at, applied_steps_count, length(id) AS id FROM _prisma_migrations");
  expect(rows.rows).toEqual(readMigrations().map((m) => ({ migration_name: m.name, checksum: m.checksum, finished: true, rolled_back_at: null, applied_steps_count: 1, id: 36 })));
});

test("two processes that migrate at once apply each migration once", async () => {
  const next = { name: "29990101000000_more", sql: "CREATE TABLE more (id int)", checksum: "c" };
  const known = [...readMigrations(), next];
  const applied = await Promise.all([migrate(db.url, known), migrate(db.url, known)]);
  expect(applied.flat()).toEqual([next.name]);
  await db.pool.query("DROP TABLE more; DELETE FROM _prisma_migrations WHERE migration_name = '29990101000000_more'");
});

test("a failing migration leaves nothing behind and says which one it was", async () => {
  const broken = { name: "29990101000000_broken", sql: "CREATE TABLE half (id int); SELECT 1/0", checksum: "c" };
  await expect(migrate(db.url, [...readMigrations(), broken])).rejects.toMatchObject({ kind: "cannot_start", message: expect.stringContaining("29990101000000_broken") });
  expect((await db.pool.query("SELECT to_regclass('half') AS half")).rows[0]).toEqual({ half: null });
  expect(await migrate(db.url)).toEqual([]);
});

test("a database of a newer version is refused in one line", async () => {
  await db.pool.query("INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count) VALUES ('x', 'c', '29990101000000_future', now(), 1)");
  await expect(migrate(db.url)).rejects.toMatchObject({ kind: "cannot_start", message: expect.stringMatching(/^The database was made by a newer version.*29990101000000_future[^\n]*$/) });
  await db.pool.query("DELETE FROM _prisma_migrations WHERE id = 'x'");
});

test("a changed migration file is refused by name, a half-finished one too", async () => {
  const [first, ...rest] = readMigrations();
  if (!first) throw new Error("no migrations");
  await expect(migrate(db.url, [{ ...first, checksum: "other" }, ...rest])).rejects.toThrow(`prisma/migrations/${first.name}/migration.sql was changed`);
  await db.pool.query("UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = $1", [first.name]);
  await expect(migrate(db.url)).rejects.toThrow(`The migration ${first.name} did not finish`);
  await db.pool.query("UPDATE _prisma_migrations SET finished_at = now()");
});

test("somebody else's database is not touched", async () => {
  await db.pool.query("CREATE DATABASE foreign_one");
  const url = Object.assign(new URL(db.url), { pathname: "/foreign_one" }).href;
  const foreign = connectDatabase(url);
  await foreign.pool.query("CREATE TABLE theirs (id int)");
  await expect(migrate(url)).rejects.toThrow('it has a table "theirs"');
  await foreign.close();
  await db.pool.query("DROP DATABASE foreign_one WITH (FORCE)");
});
