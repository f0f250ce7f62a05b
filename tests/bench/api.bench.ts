import path from "node:path";
import { migrate } from "@/server/store/migrate";
import { createDeps } from "@/server/usecases/deps";
import { createKey } from "@/server/usecases/programs/keys";
import { pushRollouts } from "@/server/usecases/programs/push-rollouts";
import { startDatabaseServer } from "@/workers/database/server";
import { serveApi } from "../api/server";
import { type Bench, quantile } from "./bench";

/** Attempts in the study before anything is measured. */
const ATTEMPTS = 50_000;
const TEXT = "We look at the next case and add what we have.\n\n".repeat(160); // about 8 kB

/** n rollouts at 250 problems; `of` keeps their texts apart. */
const rollouts = (n: number, of: string) =>
  Array.from({ length: n }, (_, i) => ({
    problem: `What is ${i % 250} + 1?`,
    answer: String((i % 250) + 1),
    model: "policy",
    text: `${TEXT}${of} ${i}\n\nSo \\boxed{${i % 3 === 0 ? (i % 250) + 1 : i}}.`,
  }));

export const bench: Bench = {
  about: "the API on the embedded database: a page of attempts, a push of 100 rollouts of 8 kB",
  async run({ folder, figure, say }) {
    const server = await startDatabaseServer({ folder: path.join(folder, "postgres"), logFile: path.join(folder, "postgres.log") });
    await migrate(server.url);
    const deps = createDeps({ databaseUrl: server.url, name: "bench api" });
    const api = await serveApi(deps, folder, { maxBody: 32 * 1024 * 1024 });
    try {
      const { key } = await createKey(deps, { name: "bench" });
      const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
      say(`${ATTEMPTS} attempts of 8 kB are pushed first …`);
      const filling = performance.now();
      for (let i = 0; i < ATTEMPTS / 1000; i++) {
        const rows = rollouts(1000, `fill ${i}`).map((value, k) => ({ row: k + 1, value }));
        await pushRollouts(deps, { study: "bench", problemSet: "p", source: `fill-${i}`, bareAnswers: false, rows });
      }
      figure({ what: "pushing in batches of 1,000, graded", value: ATTEMPTS / ((performance.now() - filling) / 1000), unit: "rows/s", note: "without HTTP" });
      await deps.pool.query("ANALYZE");

      const timed = async (n: number, ask: (i: number) => Promise<Response>) => {
        const times: number[] = [];
        for (let i = 0; i < n; i++) {
          const start = performance.now();
          const answer = await ask(i);
          const text = await answer.text();
          times.push(performance.now() - start);
          if (!answer.ok) throw new Error(text);
        }
        return times;
      };
      const report = (what: string, times: readonly number[], bounds: { p50: number; p95: number }, note: string) => {
        figure({ what: `${what}, p50`, value: quantile(times, 0.5), unit: "ms", atMost: bounds.p50, note });
        figure({ what: `${what}, p95`, value: quantile(times, 0.95), unit: "ms", atMost: bounds.p95 });
      };
      const attempts = `${api.url}/studies/bench/attempts`;
      let next: string | null = null;
      await timed(20, () => fetch(`${attempts}?limit=100`, { headers }));
      const pages = await timed(200, async () => {
        const answer = await fetch(`${attempts}?limit=100${next === null ? "" : `&cursor=${next}`}`, { headers });
        next = ((await answer.clone().json()) as { next: string | null }).next;
        return answer;
      });
      report("a page of 100 attempts, one after the other", pages, { p50: 100, p95: 200 }, `of ${ATTEMPTS}`);
      const wrong = await timed(100, () => fetch(`${attempts}?limit=100&reward=wrong&sort=tokens&dir=desc`, { headers }));
      report("the same, filtered and sorted otherwise", wrong, { p50: 250, p95: 500 }, "wrong answers by tokens");
      const push = (i: number) =>
        fetch(`${attempts}?source=step-${i}`, { method: "POST", headers: { ...headers, "idempotency-key": `step-${i}` }, body: JSON.stringify(rollouts(100, `step ${i}`)) });
      await timed(5, (i) => push(-1 - i));
      report("a push of 100 rollouts of 8 kB", await timed(100, push), { p50: 150, p95: 300 }, "new ones, graded, with an Idempotency-Key");
      report("the same push sent again with its key", await timed(100, push), { p50: 50, p95: 100 }, "answered from what was kept");
    } finally {
      await api.close();
      await deps.close();
      await server.stop();
    }
  },
};
