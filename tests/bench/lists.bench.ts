import path from "node:path";
import pg from "pg";
import { parseQuery, shownColumns } from "@/server/core/lists/query";
import { LIST_NAMES, type ListName, specOf } from "@/server/core/lists/tables";
import { countList, listPage, type ListQuestion, pageText } from "@/server/store/lists/list";
import { migrate } from "@/server/store/migrate";
import { startDatabaseServer } from "@/workers/database/server";
import { type Bench, quantile } from "./bench";

const PROBLEMS = 4_572;
const SAMPLES = 219; // of each problem: a million attempts
const RUNS = 6;
const PAGE = 50;
const BOUND = 300;

/** Filters that pages of the product link with, and rare ones. */
const FILTERS: [ListName, string][] = [
  ["attempts", "reward=wrong"],
  ["attempts", "reward=wrong&sort=steps&dir=desc"],
  ["attempts", "proposal=kept&error=3"],
  ["attempts", "error=5..9&sort=error"],
  ["attempts", "tag=seldom"],
  ["attempts", "tag=seldom&sort=tokens"],
  ["attempts", "passRate=..0.05&sort=steps"],
  ["attempts", "model=model-3&reward=ungraded"],
  ["attempts", "steps=59..&sort=tokens"],
  ["attempts", "label=any"],
  ["proposals", "chosen=yes&kept=no"],
  ["proposals", "success=0.5..&sort=success&dir=desc"],
  ["proposals", "proposer=model-2&step=4"],
  ["proposals", "content=qqqq"],
  ["problems", "passRate=0"],
  ["problems", "statement=number 4571"],
];

/** 4,572 problems, a million attempts in six runs, 110,000 proposals, half a million continuations, written by PostgreSQL itself. */
async function seed(pool: pg.Pool): Promise<string> {
  const one = async (text: string, values: unknown[] = []) => (await pool.query<{ id: string }>(text, values)).rows[0]?.id ?? "";
  const study = await one("INSERT INTO study (id, name) VALUES (uuidv7(), 'large') RETURNING id");
  const set = await one("INSERT INTO problem_set (id, study_id, name) VALUES (uuidv7(), $1, 'all') RETURNING id", [study]);
  await pool.query(`INSERT INTO model (id, study_id, name, served_name) SELECT uuidv7(), $1, 'model-' || i, '' FROM generate_series(1, ${RUNS}) i`, [study]);
  await pool.query(
    `INSERT INTO run (id, study_id, stage, state, settings, model_id, done, total)
     SELECT uuidv7(), $1, s, 'done', '{}', m.id, 1000, 1000 FROM model m, unnest(ARRAY['rollout', 'verify', 'continue']) s WHERE m.study_id = $1`,
    [study],
  );
  await pool.query(
    `INSERT INTO problem (id, study_id, problem_set_id, key, ordinal, statement, answer, difficulty)
     SELECT uuidv7(), $1, $2, 'p' || i, i, 'Problem number ' || i || ' ' || repeat('of words ', 40), i::text, 'level ' || i % 5 FROM generate_series(0, ${PROBLEMS - 1}) i`,
    [study, set],
  );
  await pool.query(
    `INSERT INTO attempt (id, run_id, problem_id, model_id, sample_index, text, finish_reason, tokens, steps, reward)
     SELECT uuidv7(), r.id, p.id, r.model_id, i, repeat('x', 100), 'stop', (random() * 4000)::int, 3 + (random() * 57)::int,
            CASE WHEN random() < 0.001 THEN NULL WHEN random() < p.ordinal::float8 / ${PROBLEMS} THEN 1 ELSE 0 END
     FROM problem p, generate_series(0, ${SAMPLES - 1}) i
     JOIN (SELECT id, model_id, row_number() OVER (ORDER BY id) - 1 AS n FROM run WHERE study_id = $1 AND stage = 'rollout') r ON r.n = i % ${RUNS}
     WHERE p.study_id = $1`,
    [study],
  );
  await pool.query(
    `INSERT INTO proposal (id, run_id, attempt_id, sample_index, content, location, leak_equivalent, leak_substring, chosen, kept)
     SELECT uuidv7(), v.id, a.id, 0, repeat('words of an intervention ', 12), 1 + (random() * 20)::int, random() < 0.1, false, random() < 0.15, CASE WHEN random() < 0.5 THEN random() < 0.3 END
     FROM attempt a JOIN run v ON v.study_id = $1 AND v.stage = 'verify' AND v.model_id = a.model_id WHERE a.reward = 0 AND a.sample_index < 60`,
    [study],
  );
  await pool.query(
    `INSERT INTO continuation (id, run_id, problem_id, attempt_id, proposal_id, arm, target_id, sample_index, seed, text, finish_reason, tokens, outcome, reward)
     SELECT uuidv7(), c.id, a.problem_id, a.id, p.id, 'intervention', p.id, i, 1, 'x', 'stop', 100, 'success', (random() < 0.2)::int
     FROM (SELECT * FROM proposal WHERE chosen ORDER BY id LIMIT 16000) p JOIN attempt a ON a.id = p.attempt_id
     JOIN run c ON c.study_id = $1 AND c.stage = 'continue' AND c.model_id = a.model_id, generate_series(0, 31) i`,
    [study],
  );
  await pool.query("INSERT INTO tag (id, study_id, name) VALUES (uuidv7(), $1, 'seldom')", [study]);
  await pool.query("INSERT INTO tagging (tag_id, subject, subject_id) SELECT t.id, 'attempt', a.id FROM tag t, attempt a WHERE a.sample_index = 7 AND a.steps = 40");
  await pool.query("INSERT INTO label (id, attempt_id, source, first_error) SELECT uuidv7(), id, 'people', 2 FROM attempt WHERE sample_index = 11 AND steps = 41");
  await pool.query("VACUUM ANALYZE");
  return study;
}

/** Server time of list pages at the size of the paper: every order in both directions, deep pages, filters, and counting. */
export const bench: Bench = {
  about: "pages of the six lists at a million attempts, half a million continuations: every order, deep pages, filters, counts",
  async run({ folder, figure, say, args }) {
    // A database that an earlier run has filled, when its address is given: "on=postgresql://…".
    const on = args.find((a) => a.startsWith("on="))?.slice(3);
    const settings = { fsync: "off", synchronous_commit: "off" };
    const server =
      on === undefined
        ? await startDatabaseServer({ folder: path.join(folder, "postgres"), logFile: path.join(folder, "postgres.log"), settings })
        : { url: on, stop: async () => {} };
    const only = args.find((a) => a.startsWith("only="))?.slice(5) ?? "";
    const pool = new pg.Pool({ connectionString: server.url, max: 2 });
    try {
      if (on === undefined) await migrate(server.url);
      const began = performance.now();
      const there = await pool.query<{ id: string }>("SELECT id FROM study WHERE name = 'large'");
      const study = there.rows[0]?.id ?? (await seed(pool));
      const { rows: sizes } = await pool.query("SELECT (SELECT count(*) FROM attempt) AS attempts, (SELECT count(*) FROM proposal) AS proposals, (SELECT count(*) FROM continuation) AS continuations");
      say(`${JSON.stringify(sizes[0])}, written in ${Math.round((performance.now() - began) / 1000)} s`);
      /** The median of five, and the middle of the list as well as its beginning. */
      const measure = async (list: ListName, search: string, words: string) => {
        if (!words.startsWith(only)) return;
        const question: ListQuestion = { list, studyId: study, query: parseQuery(list, new URLSearchParams(search)), judge: null };
        const columns = shownColumns(list, question.query);
        const first = await listPage(pool, question, {}, PAGE, columns);
        // Hundreds of rows on: a deep page's cost is that of any other, so this depth will do.
        let after = first.next;
        for (let i = 0; i < 5 && after !== null; i++) after = (await listPage(pool, question, { after }, 500, [])).next;
        const times = async (at: { after?: string | null }) => {
          const all: number[] = [];
          for (let i = 0; i < 5; i++) {
            const from = performance.now();
            await listPage(pool, question, at, PAGE, columns);
            all.push(performance.now() - from);
          }
          return quantile(all, 0.5);
        };
        const [one, deep] = [await times({}), after === null ? 0 : await times({ after })];
        figure({ what: words, value: Math.max(one, deep), unit: "ms", atMost: BOUND, note: `first ${one.toFixed(0)}, deep ${deep.toFixed(0)}, ${first.rows.length} rows` });
        if (args.includes("explain") && Math.max(one, deep) > BOUND) {
          const { text, values } = pageText(question, { after: deep > one ? after : null }, PAGE, columns);
          const { rows } = await pool.query<{ "QUERY PLAN": string }>(`EXPLAIN (ANALYZE, BUFFERS) ${text}`, values);
          say(rows.map((r) => r["QUERY PLAN"]).join("\n"));
        }
      };
      for (const list of LIST_NAMES)
        for (const [id, column] of Object.entries(specOf(list).columns))
          if (column.sort === true) for (const dir of ["asc", "desc"]) await measure(list, `sort=${id}&dir=${dir}`, `${list} by ${id} ${dir}`);
      for (const [list, search] of FILTERS) await measure(list, search, `${list}?${search}`);
      for (const [list, search] of [["attempts", ""], ["attempts", "reward=wrong"], ["attempts", "tag=seldom"], ["proposals", ""], ...FILTERS.filter(([, s]) => s.includes("passRate"))] as [ListName, string][]) {
        const question: ListQuestion = { list, studyId: study, query: parseQuery(list, new URLSearchParams(search)), judge: null };
        const from = performance.now();
        const found = await countList(pool, question, 10_000);
        figure({ what: `count of ${list}?${search}`, value: performance.now() - from, unit: "ms", atMost: BOUND, note: `${found.exact ? "" : "about "}${found.count}` });
      }
    } finally {
      await pool.end();
      await server.stop();
    }
  },
};
