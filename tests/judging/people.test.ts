import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { POST } from "@/app/api/trpc/[trpc]/route";
import { GET as decisions } from "@/app/api/queues/[queue]/decisions/route";
import { processDeps } from "@/server/api/context";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { seedStudy } from "../support/seed-study";

let db: TestDatabase;
const before = process.env.DATABASE_URL;
beforeAll(async () => {
  db = await createTestDatabase("people");
  process.env.DATABASE_URL = db.url;
});
afterAll(async () => {
  await processDeps().deps.close();
  process.env.DATABASE_URL = before;
  await db?.close();
});

/** A browser: it keeps its cookie. */
class Browser {
  cookie = "";
  async send(procedure: string, input: unknown = null): Promise<{ status: number; data: unknown; message: string; set: string | null }> {
    const answer = await POST(
      new Request(`http://127.0.0.1/api/trpc/${procedure}`, {
        method: "POST",
        headers: { "content-type": "application/json", ...(this.cookie === "" ? {} : { cookie: `other=1; ${this.cookie}` }) },
        body: JSON.stringify({ json: input }),
      }),
    );
    const set = answer.headers.get("set-cookie");
    if (set !== null) this.cookie = set.split(";")[0] ?? "";
    const body = (await answer.json()) as { result?: { data: { json: unknown } }; error?: { json: { message: string } } };
    return { status: answer.status, data: body.result?.data.json, message: body.error?.json.message ?? "", set };
  }
}

describe("people", () => {
  const here = new Browser();

  it("take a name in a browser, which keeps an HttpOnly cookie of which the database has only a digest", async () => {
    const none = await here.send("people.rename", { name: "x" });
    expect(none).toMatchObject({ status: 401, message: expect.stringContaining("Choose a name first") });
    const chosen = await here.send("people.choose", { name: "  Ada \n Lovelace " });
    expect(chosen).toMatchObject({ status: 200, data: { name: "Ada Lovelace" } });
    expect(chosen.set).toMatch(/^intervene_person=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=31536000$/);
    const token = here.cookie.split("=")[1] ?? "";
    const { rows } = await db.pool.query<{ token_hash: string }>("SELECT token_hash FROM person");
    expect(rows[0]?.token_hash).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(rows)).not.toContain(token);
    expect((await here.send("people.choose", { name: "Grace" })).message).toBe("You are Ada Lovelace in this browser: rename yourself, or leave first.");
  });

  it("cannot take a name that is taken, whatever its case, and are told the way in", async () => {
    const other = new Browser();
    const refused = await other.send("people.choose", { name: "ada lovelace" });
    expect(refused).toMatchObject({ status: 409, set: null });
    expect(refused.message).toContain("If that is you, open People in the browser where you are ada lovelace, and follow its personal link here");
    expect((await other.send("people.choose", { name: "" })).status).toBe(400);
    expect((await other.send("people.choose", { name: "a".repeat(61) })).message).toContain("at most 60");
  });

  it("move to another browser by their personal link, rename themselves, and leave", async () => {
    const there = new Browser();
    const { data } = await here.send("people.link");
    expect(await there.send("people.link")).toMatchObject({ status: 401 });
    expect(await there.send("people.follow", { token: "x".repeat(43) })).toMatchObject({ status: 404, message: expect.stringContaining("belongs to nobody") });
    expect(await there.send("people.follow", data)).toMatchObject({ status: 200, data: { name: "Ada Lovelace" } });
    expect(await there.send("people.rename", { name: "Ada" })).toMatchObject({ data: { name: "Ada" } });
    expect(await here.send("people.setKeys", { keys: {} })).toMatchObject({ data: { name: "Ada" } });
    const left = await there.send("people.leave");
    expect(left.set).toMatch(/Max-Age=0/);
    expect((await there.send("people.rename", { name: "Nobody" })).status).toBe(401);
  });

  it("move keys, but not two actions onto one, nor digits", async () => {
    const keys = async (moved: Record<string, string>) => here.send("people.setKeys", { keys: moved });
    expect(await keys({ accept: "y", reject: "n" })).toMatchObject({ status: 200, data: { keys: { accept: "y", reject: "n" } } });
    expect((await keys({ accept: "x" })).message).toContain("“x” would both");
    expect((await keys({ accept: "7" })).message).toContain("Digits choose");
    expect((await keys({ accept: "Enter" })).message).toContain("needed for the page itself");
    expect((await keys({ fly: "q" })).status).toBe(400);
    const { rows } = await db.pool.query("SELECT keys FROM person");
    expect(rows[0]).toEqual({ keys: { accept: "y", reject: "n" } });
  });

  it("take away the decisions of a queue as a file", async () => {
    await seedStudy(db.pool, { name: "files", problems: 3, samples: 1 });
    const made = (await here.send("queues.create", { study: "files", name: "q", subject: "proposal", judges: 2 })).data as { id: string };
    const next = (await here.send("queues.next", { queue: made.id })).data as { item: { id: string } };
    const note = "=HYPERLINK(1), “so” they\nsaid";
    await here.send("queues.decide", { item: next.item.id, clientKey: crypto.randomUUID(), seconds: 1, action: "flag", note, next: false });
    const get = async (format: string, cookie: string) => {
      const url = `http://127.0.0.1/api/queues/${made.id}/decisions?format=${format}`;
      return decisions(new Request(url, { headers: { cookie } }), { params: Promise.resolve({ queue: made.id }) });
    };
    const csv = await get("csv", here.cookie);
    expect(csv.headers.get("content-disposition")).toContain('filename="files-q-decisions.csv"');
    // Quoted, and no formula for a spreadsheet.
    expect(await csv.text()).toContain(`"'=HYPERLINK(1), “so” they\nsaid"`);
    expect(JSON.parse(await (await get("jsonl", here.cookie)).text())).toMatchObject({ person: "Ada", action: "flag", note });
    // The queue is blind and the item open: to others it is not there.
    expect(await (await get("jsonl", "")).text()).toBe("");
    expect((await get("xml", "")).status).toBe(400);
  });
});
