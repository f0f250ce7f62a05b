import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { int, nullable, text } from "@/server/core/exporting/fields";
import { copyOut, type Query } from "@/server/store/exports/copy-out";
import { withSnapshot } from "@/server/store/exports/snapshot";
import { createTestDatabase, type TestDatabase } from "../support/database";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase("copy_out");
});
afterAll(() => db.close());

/** Rows 1 to `to`, each with a text of `size` letters that tells which row it is, and a null. */
const rowsOf = (to: number, size: string): Query => ({
  fields: [int("i"), text("text"), nullable(text("none"))],
  columns: { i: "g.i", text: `rpad(g.i || ':', ${size}, 'ä')`, none: "NULL" },
  from: `FROM generate_series(1, ${to}) g(i)`,
  order: "g.i",
});

/** Reads all, checking each row before the next batch is asked for, as views hold no longer. */
async function check(query: Query, size: (i: number) => number, raw: boolean): Promise<number> {
  return withSnapshot(db.pool, async (client) => {
    let n = 0;
    for await (const rows of copyOut(client, query, { raw })) {
      // Whoever writes them takes time; the socket goes on meanwhile.
      await new Promise((r) => setTimeout(r, 2));
      for (const row of rows) {
        n++;
        const value = row.text as string | Uint8Array;
        const written = typeof value === "string" ? value : Buffer.from(value).toString("utf8");
        if (row.i !== n || row.none !== null || written !== `${n}:`.padEnd(size(n), "ä")) throw new Error(`row ${n} is ${String(row.i)}: ${written.slice(0, 20)}`);
      }
    }
    return n;
  });
}

describe("rows copied out of the database", () => {
  it.each([false, true])("come whole and in order, whatever their sizes (as bytes: %s)", async (raw) => {
    expect(await check(rowsOf(0, "1"), () => 0, raw)).toBe(0);
    expect(await check(rowsOf(5, "10"), () => 10, raw)).toBe(5);
    expect(await check(rowsOf(4_000, "4000"), () => 4_000, raw)).toBe(4_000);
    // One of 16 MB among small ones: larger than any buffer, before and behind others.
    const sizes = (i: number) => (i % 40 === 7 ? 8_000_000 : 30 + (i % 900));
    expect(await check(rowsOf(100, "CASE WHEN g.i % 40 = 7 THEN 8000000 ELSE 30 + g.i % 900 END"), sizes, raw)).toBe(100);
  });

  it("say what went wrong in the middle, and end with the connection", async () => {
    const fails: Query = { ...rowsOf(3_000, "5000"), columns: { ...rowsOf(0, "1").columns, i: "1000 / (2000 - g.i)", text: "repeat('x', 5000)" } };
    await expect(check(fails, () => 0, true)).rejects.toThrow(); // the first row is not row 1 there
    const all = withSnapshot(db.pool, async (client) => {
      for await (const rows of copyOut(client, fails)) expect(rows.length).toBeGreaterThan(0);
    });
    await expect(all).rejects.toThrow(/division by zero/);
    const killed = withSnapshot(db.pool, async (client) => {
      const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
      for await (const _ of copyOut(client, rowsOf(6_000, "4000"))) await db.pool.query("SELECT pg_terminate_backend($1)", [rows[0]?.pid]);
    });
    await expect(killed).rejects.toThrow(/terminat/i);
  });

  it("can be left in the middle, or stopped from outside", async () => {
    const first = await withSnapshot(db.pool, async (client) => {
      for await (const rows of copyOut(client, rowsOf(6_000, "4000"))) return rows[0]?.i;
    });
    expect(first).toBe(1);
    const stop = new AbortController();
    const stopped = withSnapshot(db.pool, async (client) => {
      for await (const _ of copyOut(client, rowsOf(6_000, "4000"), { signal: stop.signal })) stop.abort(new Error("enough"));
    });
    await expect(stopped).rejects.toThrow("enough");
  });

  it("leave the connection usable for the next question", async () => {
    const counted = await withSnapshot(db.pool, async (client) => {
      let n = 0;
      for (let again = 0; again < 3; again++) {
        for await (const rows of copyOut(client, rowsOf(3_000, "3000"), { limit: 2_000 })) n += rows.length;
        const { rows } = await client.query<{ n: number }>("SELECT 1 AS n");
        n += rows[0]?.n ?? 0;
      }
      return n;
    });
    expect(counted).toBe(6_003);
  });
});
