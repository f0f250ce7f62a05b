import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { createTRPCClient, httpLink } from "@trpc/client";
import pg from "pg";
import superjson from "superjson";
import type { AppRouter } from "@/server/api/root";
import type { NextItem } from "@/server/core/views/judging";
import { migrate } from "@/server/store/migrate";
import { startDatabaseServer } from "@/workers/database/server";
import { findChromium, NO_CHROMIUM } from "../support/browser";
import { seedStudy } from "../support/seed-study";
import { startWeb, type WebServer } from "../support/web";
import { type Bench, type BenchContext, quantile } from "./bench";
import { type BrowserJudge, openJudge } from "./judging-browser";

const JUDGES = 20;
const SECONDS = 40;
/** Between two decisions of one judge, in ms: quicker than anybody reads, so that it is a load. */
const THINK = [300, 900] as const;
const STUDY = "bench";

type Client = ReturnType<typeof createTRPCClient<AppRouter>>;

/**
 * 20 judges at work over HTTP, each on a connection of their own, beside one real browser that judges by keyboard: the production
 * pages, the embedded PostgreSQL with its own settings (every decision is on disk before it is answered). Clients, server, database
 * and browser share this machine's cores.
 */
export const bench: Bench = {
  about: "20 judges over HTTP and one browser: from a decision to the next item, and nothing lost or doubled",
  async run(context) {
    const { folder, say, figure, args } = context;
    const seconds = Number(args.find((a) => /^\d+$/.test(a)) ?? SECONDS);
    const server = await startDatabaseServer({ folder: path.join(folder, "postgres"), logFile: path.join(folder, "postgres.log") });
    let web: WebServer | undefined;
    let browser: BrowserJudge | undefined;
    const pool = new pg.Pool({ connectionString: server.url });
    pool.on("error", () => {}); // the query in flight reports it
    try {
      await migrate(server.url);
      say("seeding a study …");
      await seedStudy(pool, { name: STUDY, problems: 280, samples: 2 });
      say("building the pages, if they are not …");
      web = await startWeb({ databaseUrl: server.url, home: path.join(folder, "home") });
      const { url } = web;
      const people = await Promise.all(Array.from({ length: JUDGES + 1 }, (_, i) => enter(url, `Judge ${i + 1}`)));
      const queue = await people[0]?.client.queues.create.mutate({
        study: STUDY,
        name: "bench",
        subject: "proposal",
        judges: 2,
        hideProposal: false,
        instructions: "",
      });
      if (queue === undefined) throw new Error("there is no judge");
      const last = people.at(-1);
      if (findChromium() === null) say(NO_CHROMIUM);
      else if (!args.includes("--no-browser") && last !== undefined)
        browser = await openJudge({ url, path: `/studies/${STUDY}/queues/${queue.id}`, cookie: last.cookie });
      say(`${queue.items} items for two judges each; ${JUDGES} judges for ${seconds} s …`);
      const until = Date.now() + seconds * 1000;
      const cpu = [cpuOf(web.pid), cpuOf(server.pid)];
      const [seen, judged] = await Promise.all([
        browser?.judge(until) ?? null,
        Promise.all(people.slice(0, JUDGES).map((p, i) => judge(p.client, queue.id, until, i))),
      ]);
      report(context, judged, seconds);
      const all = judged.reduce((n, j) => n + j.times.length, 0) + (seen?.length ?? 0);
      // What does not depend on who else uses this machine.
      for (const [i, [what, pid]] of ([["pages", web.pid], ["database", server.pid]] as const).entries()) {
        const [before, after] = [cpu[i] ?? null, cpuOf(pid)];
        if (before !== null && after !== null) figure({ what: `processor time of the ${what} per decision`, value: (after - before) / all, unit: "ms" });
      }
      if (seen !== null) {
        figure({ what: "browser: key press to the next item shown, median", value: quantile(seen, 0.5), unit: "ms", atMost: 100, note: `${seen.length} decisions` });
        figure({ what: "browser: key press to the next item shown, p95", value: quantile(seen, 0.95), unit: "ms", atMost: 250 });
      }
      await count(context, pool, queue.id, judged);
    } finally {
      await browser?.close();
      await pool.end();
      await web?.stop();
      await server.stop();
    }
  },
};

/** Processor time of a process and its children so far, in ms (Linux; null elsewhere). */
function cpuOf(pid: number): number | null {
  try {
    const stats = readdirSync("/proc").flatMap((name) => {
      if (!/^\d+$/.test(name)) return [];
      try {
        // After the name in brackets: state, parent, …, then utime, stime and those of ended children (11th to 14th), in
        // hundredths of a second.
        const fields = readFileSync(`/proc/${name}/stat`, "utf8").replace(/^.*\) /s, "").split(" ");
        return [{ pid: Number(name), parent: Number(fields[1]), fields: fields.slice(11, 15).map(Number) }];
      } catch {
        return []; // ended meanwhile
      }
    });
    const sum = (of: number[]) => of.reduce((a, b) => a + b, 0);
    return 10 * stats.reduce((n, s) => n + (s.pid === pid ? sum(s.fields) : s.parent === pid ? sum(s.fields.slice(0, 2)) : 0), 0);
  } catch {
    return null;
  }
}

interface Judged {
  /** Decide to its answer with the next item in it, in ms. */
  times: number[];
  /** Keys of the decisions that were answered. */
  keys: string[];
}

async function enter(url: string, name: string): Promise<{ client: Client; cookie: string }> {
  let cookie = "";
  const client = createTRPCClient<AppRouter>({
    links: [
      httpLink({
        url: `${url}/api/trpc`,
        transformer: superjson,
        headers: () => ({ cookie }),
        fetch: async (input, init) => {
          const answer = await fetch(input, init as RequestInit);
          const set = answer.headers.get("set-cookie");
          if (set !== null) cookie = set.split(";")[0] ?? "";
          return answer;
        },
      }),
    ],
  });
  await client.people.choose.mutate({ name });
  return { client, cookie };
}

/** One judge: look, decide, and have the next item in the answer. */
async function judge(client: Client, queue: string, until: number, which: number): Promise<Judged> {
  const judged: Judged = { times: [], keys: [] };
  const pause = (i: number) => THINK[0] + ((which * 7919 + i * 104_729) % (THINK[1] - THINK[0]));
  let next: NextItem | null = await client.queues.next.mutate({ queue });
  for (let i = 0; Date.now() < until; i++) {
    await new Promise((r) => setTimeout(r, pause(i)));
    if (next?.item === null || next === null) {
      if (next?.why === "done") break;
      next = await client.queues.next.mutate({ queue });
      continue;
    }
    const clientKey = randomUUID();
    const began = performance.now();
    const answer = await client.queues.decide.mutate({
      item: next.item.id,
      clientKey,
      seconds: pause(i) / 1000,
      // Some of everything: most accept, some say where the error is, some find none.
      ...(i % 4 === 3 ? { action: "locate", firstError: 1 + (i % 3) } : { action: i % 11 === 0 ? "no_error" : "accept" }),
    });
    judged.times.push(performance.now() - began);
    judged.keys.push(clientKey);
    next = answer.next;
  }
  return judged;
}

function report({ figure }: BenchContext, judged: readonly Judged[], seconds: number): void {
  // The first few of each are the server's own warming up.
  const times = judged.flatMap((j) => j.times.slice(3));
  const note = `${times.length} decisions by ${judged.length} judges, ${(times.length / seconds).toFixed(0)} a second`;
  figure({ what: "from a decision to the next item, median", value: quantile(times, 0.5), unit: "ms", atMost: 100, note });
  figure({ what: "from a decision to the next item, p95", value: quantile(times, 0.95), unit: "ms", atMost: 250 });
  figure({ what: "from a decision to the next item, longest", value: Math.max(...times), unit: "ms" });
}

/** What the database has of it, against what the judges were told. */
async function count({ figure }: BenchContext, pool: pg.Pool, queue: string, judged: readonly Judged[]): Promise<void> {
  const keys = judged.flatMap((j) => j.keys);
  const n = async (sql: string, values: unknown[]) => Number((await pool.query<{ n: string }>(`SELECT count(*) AS n FROM ${sql}`, values)).rows[0]?.n);
  const kept = await n("decision WHERE client_key = ANY($1::uuid[])", [keys]);
  const doubled = await n(
    `(SELECT 1 FROM decision d JOIN queue_item i ON i.id = d.item_id WHERE i.queue_id = $1 AND d.action NOT IN ('skip', 'undo')
        AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes_id = d.id) GROUP BY d.item_id, d.person_id HAVING count(*) > 1) x`,
    [queue],
  );
  const over = await n(
    `queue_item i JOIN queue q ON q.id = i.queue_id
     WHERE q.id = $1 AND (i.decided > q.judges OR i.decided <> (SELECT count(*) FROM vote v WHERE v.item_id = i.id))`,
    [queue],
  );
  figure({ what: "decisions lost", value: keys.length - kept, unit: "rows", atMost: 0, note: `of ${keys.length} answered` });
  figure({ what: "decisions doubled", value: doubled, unit: "rows", atMost: 0 });
  figure({ what: "items with more decisions than asked, or miscounted", value: over, unit: "rows", atMost: 0 });
}
