import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../support/database";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase("schema");
});
afterAll(() => db.close());

test("the migrations make every table and column that the Prisma schema names", async () => {
  const models = Object.entries(db.prisma).filter((entry): entry is [string, { findFirst(): Promise<unknown> }] => {
    const delegate: unknown = entry[1];
    return !entry[0].startsWith("$") && typeof delegate === "object" && delegate !== null && "findFirst" in delegate;
  });
  expect(models.length).toBeGreaterThan(10);
  for (const [name, model] of models) await expect(model.findFirst(), name).resolves.toBeNull(); // selects all columns
});
