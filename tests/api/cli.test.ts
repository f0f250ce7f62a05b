import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bearerOf } from "@/server/usecases/programs/keys";
import { intervene } from "../cli/command";
import { createTestDatabase, type TestDatabase } from "../support/database";

/** Each command is a process of its own; on a machine at work one takes seconds. */
const SLOW = 120_000;

let database: TestDatabase;
let home: string;
let env: Record<string, string>;
beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), "intervene-keys-"));
  database = await createTestDatabase("api cli");
  env = { INTERVENE_HOME: home, DATABASE_URL: database.url };
});
afterAll(async () => {
  await database.close();
  rmSync(home, { recursive: true, force: true });
});

test("keys create prints the key and nothing else, list shows its beginning, revoke ends it", { timeout: SLOW }, async () => {
  const made = await intervene(["keys", "create", "notebook"], { env });
  expect(made.status).toBe(0);
  expect(made.out).toMatch(/^int_[\w-]{43}\n$/);
  expect(made.err).toMatch(/may read and write/);
  const key = made.out.trim();
  expect(await bearerOf(database, key)).toMatchObject({ name: "notebook", scopes: ["read", "write"] });

  const list = await intervene(["keys", "list"], { env });
  expect(list.out).toContain(`${key.slice(0, 10)}…`);
  expect(list.out).not.toContain(key);

  const gone = await intervene(["keys", "revoke", "notebook"], { env });
  expect([gone.status, gone.out]).toEqual([0, "The key “notebook” is revoked.\n"]);
  expect(await bearerOf(database, key)).toBeNull();
  const again = await intervene(["keys", "revoke", "notebook"], { env });
  expect([again.status, again.out]).toEqual([2, ""]);
  const wrong = await intervene(["keys", "create", " "], { env });
  expect([wrong.status, wrong.err]).toEqual([2, expect.stringMatching(/give the key a name/)]);
});
