import { afterEach, beforeEach, expect, it } from "vitest";
import { LiveHub } from "@/server/api/live";
import { createTestDatabase, type TestDatabase } from "../support/database";

let db: TestDatabase;
let hub: LiveHub;
let stop: AbortController;

beforeEach(async () => {
  db = await createTestDatabase("live");
  hub = new LiveHub(db.url);
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await hub.close();
  await db.close();
});

/** A page's end of the stream: what has arrived, and waiting for more. */
function open(study: string | null) {
  const stream = hub.ofStudy(study, stop.signal);
  if (stream === null) throw new Error("the hub is closed");
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  const page = { text: "", ended: false };
  void (async () => {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read())
      page.text += decoder.decode(chunk.value);
    page.ended = true;
  })();
  return page;
}

const soon = (check: () => boolean) => expect.poll(check, { timeout: 8_000, interval: 20 }).toBe(true);
const count = (text: string, part: string) => text.split(part).length - 1;
const notify = (event: object) => db.pool.query("SELECT pg_notify('intervene', $1)", [JSON.stringify(event)]);

it("brings each page the events of its study, through one listener", async () => {
  const a = open("a");
  const all = open(null);
  await soon(() => count(all.text, "event: again") === 2); // open, and the listener is connected
  await notify({ studyId: "a", kind: "progress", runId: "r" });
  await notify({ studyId: "b", kind: "run" });
  await soon(() => count(all.text, 'data: {"studyId"') === 2);
  await soon(() => count(a.text, '"studyId":"a"') === 1);
  expect(a.text).not.toContain('"studyId":"b"');
  const { rows } = await db.pool.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'intervene live'",
  );
  expect(rows[0]?.n).toBe(1);
});

it("tells pages to read everything again when the listener was cut off, and goes on", async () => {
  const page = open("a");
  await soon(() => count(page.text, "event: again") === 2);
  await db.pool.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'intervene live'",
  );
  await soon(() => count(page.text, "event: again") === 3);
  await notify({ studyId: "a", kind: "progress" });
  await soon(() => page.text.includes('"kind":"progress"'));
});

it("takes a payload it cannot read for a reason to read again", async () => {
  const page = open("a");
  await soon(() => count(page.text, "event: again") === 2);
  await db.pool.query("SELECT pg_notify('intervene', 'nonsense')");
  await soon(() => count(page.text, "event: again") === 3);
});

it("ends every stream when it closes, so that the server can end", async () => {
  const page = open(null);
  await soon(() => page.text.length > 0);
  expect(hub.open).toBe(1);
  await hub.close();
  await soon(() => page.ended);
  expect(hub.open).toBe(0);
  // A browser that asks again on a kept connection must not hold the server up.
  expect(hub.ofStudy(null, stop.signal)).toBeNull();
});
