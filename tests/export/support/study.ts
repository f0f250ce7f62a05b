import type pg from "pg";
import { v7 as uuid } from "uuid";
import type { Manifest } from "@/server/core/datasets/manifest";
import { seedStudy } from "../../support/seed-study";

export interface ExportStudy {
  study: { id: string; name: string };
  /** Data sets: "int" (unfinished answers, one finished) and "hints" (prompts alone). */
  datasets: { int: string; hints: string };
}

/**
 * A study with everything that can be exported: seedStudy's InT run, data sets made of its kept interventions, a closed
 * queue with decisions that agree, an open blind one whose decisions nobody may see, a settlement, and a score.
 */
export async function exportStudy(pool: pg.Pool, name = "exported", problems = 6): Promise<ExportStudy> {
  const seeded = await seedStudy(pool, { name, problems });
  const insert = async (table: string, row: Record<string, unknown>): Promise<string> => {
    const all = { id: uuid(), ...row };
    const names = Object.keys(all);
    await pool.query(
      `INSERT INTO ${table} (${names.map((n) => `"${n}"`).join(", ")}) VALUES (${names.map((_, i) => `$${i + 1}`).join(", ")})`,
      Object.values(all),
    );
    return all.id;
  };
  const studyId = seeded.studyId;
  const { rows: models } = await pool.query<{ id: string }>("SELECT id FROM model WHERE study_id = $1", [studyId]);
  const modelId = models[0]?.id;
  const { rows: kept } = await pool.query<KeptRow>(
    `SELECT pr.id, pr.attempt_id AS "attemptId", pr.content, pr.location, a.text, p.id AS "problemId", p.key, p.statement
     FROM proposal pr JOIN attempt a ON a.id = pr.attempt_id JOIN problem p ON p.id = a.problem_id
     WHERE p.study_id = $1 AND pr.chosen ORDER BY pr.id`,
    [studyId],
  );
  const int = await insert("dataset", {
    study_id: studyId,
    name: "int",
    source: "int",
    settings: "{}",
    model_id: modelId,
    state: "ready",
    rows: kept.length,
    manifest: JSON.stringify(manifest(name, kept.length)),
    digest: "0".repeat(64),
  });
  for (const [ordinal, k] of kept.entries()) {
    const steps = k.text.split("\n\n");
    const finished = ordinal === kept.length - 1;
    await insert("dataset_row", {
      dataset_id: int,
      ordinal,
      problem_id: k.problemId,
      attempt_id: k.attemptId,
      proposal_id: k.id,
      prompt: k.statement,
      completion: [...steps.slice(0, k.location - 1), ...k.content.split(/\n+/)].join("\n\n"),
      ends: finished,
      tokens: 10 + ordinal,
      meta: JSON.stringify({
        template: "bare",
        problem: k.key,
        sample: 0,
        location: k.location,
        author: "model",
        ...(finished ? { suffix: { continuationId: uuid(), sample: 2 } } : {}),
      }),
    });
  }
  const hints = await insert("dataset", {
    study_id: studyId,
    name: "hints",
    source: "hint",
    settings: "{}",
    state: "ready",
    rows: 1,
    manifest: JSON.stringify({ ...manifest(name, 1), source: "hint" }),
    digest: "0".repeat(64),
  });
  await insert("dataset_row", {
    dataset_id: hints,
    ordinal: 0,
    problem_id: kept[0]?.problemId,
    prompt: `${kept[0]?.statement}\n\nA beginning: think of 7.`,
    completion: "",
    ends: false,
    meta: JSON.stringify({ template: "hint", problem: kept[0]?.key, hint: { steps: 1, of: 3 }, answer: "7" }),
  });
  await judge(pool, insert, studyId, kept);
  const { rows: runs } = await pool.query<{ id: string }>("SELECT id FROM run WHERE study_id = $1 LIMIT 1", [studyId]);
  await insert("score", {
    study_id: studyId,
    run_id: runs[0]?.id,
    model_id: modelId,
    subject: "attempt",
    subject_id: kept[0]?.attemptId,
    attempt_id: kept[0]?.attemptId,
    problem_id: kept[0]?.problemId,
    token_ids: [5, 6, 2147483647],
    tokens: ["Let", " us — “so”", ""],
    logprobs: [-0.5, -1.25, -3],
    token_count: 3,
    mean_nll: 4.75 / 3,
  });
  return { study: { id: studyId, name }, datasets: { int, hints } };
}

interface KeptRow {
  id: string;
  attemptId: string;
  content: string;
  location: number;
  text: string;
  problemId: string;
  key: string;
  statement: string;
}

type Insert = (table: string, row: Record<string, unknown>) => Promise<string>;

async function judge(pool: pg.Pool, insert: Insert, studyId: string, kept: readonly KeptRow[]): Promise<void> {
  const people = [
    await insert("person", { name: "Ada Lovelace", token_hash: uuid() }),
    await insert("person", { name: "Emmy Noether", token_hash: uuid() }),
  ];
  const queue = (name: string, closed: boolean) =>
    insert("queue", {
      study_id: studyId,
      name,
      subject: "proposal",
      schema: "{}",
      judges: 2,
      blind: true,
      filter: "{}",
      closed_at: closed ? new Date() : null,
    });
  const decide = async (item: string, person: string, row: Record<string, unknown>, votes = true) => {
    const decision = await insert("decision", {
      item_id: item,
      person_id: person,
      shown: JSON.stringify({ proposal: true, outcomes: false }),
      seconds: 12.5,
      client_key: uuid(),
      ...row,
    });
    if (votes)
      await pool.query("INSERT INTO vote (item_id, person_id, decision_id) VALUES ($1, $2, $3)", [item, person, decision]);
    return decision;
  };
  const closed = await queue("closed", true);
  const open = await queue("open and blind", false);
  const [first, second, third] = kept as [KeptRow, KeptRow, KeptRow];
  const item = (of: string, ordinal: number, k: KeptRow, more: Record<string, unknown> = {}) =>
    insert("queue_item", { queue_id: of, ordinal, attempt_id: k.attemptId, proposal_id: k.id, ...more });
  const [ada, emmy] = people as [string, string];

  const agreed = await item(closed, 0, first, { state: "complete", decided: 2, completed_at: new Date() });
  const said = await decide(agreed, ada, { action: "accept", note: "clear | as day" });
  await decide(agreed, emmy, { action: "accept" });
  await pool.query("UPDATE queue_item SET agreed_id = $2 WHERE id = $1", [agreed, said]);

  const gold = JSON.stringify({ firstError: 2, source: "BIG-Bench Mistake" });
  const settled = await item(closed, 1, second, { state: "settled", decided: 1, gold });
  const edited = { action: "edit", content: "A better step.", location: 2, first_error: 2 };
  await decide(settled, ada, edited);
  await decide(settled, emmy, { action: "skip" }, false);
  const earlier = await insert("settlement", { item_id: settled, person_id: emmy, action: "cannot_tell" });
  await insert("settlement", { item_id: settled, person_id: emmy, replaces_id: earlier, ...edited });

  const hidden = await item(open, 0, third, { state: "complete", decided: 1 });
  const secret = await decide(hidden, ada, { action: "no_error", note: "SECRET" });
  await pool.query("UPDATE queue_item SET agreed_id = $2 WHERE id = $1", [hidden, secret]);
}

/** As a builder would write it, of the smallest kind. */
function manifest(study: string, rows: number): Manifest {
  return {
    format: "intervene-dataset@1",
    tool: { builder: "intervene-datasets@1", grader: "exact@1" },
    study,
    name: "int",
    source: "int",
    builtAt: "2026-11-23T10:00:00.000Z",
    base: null,
    settings: {
      source: "int",
      problemSet: null,
      from: [],
      matching: null,
      perProblem: 0,
      perAttempt: 1,
      leak: "equivalence",
      decisions: "win",
      withoutPrefix: false,
      withSuffix: false,
      unfiltered: true,
      onlyRight: true,
      hintShare: 0.5,
      hintMix: 0.5,
      seed: 1,
      template: { id: "bare", text: "{problem}" },
      hintTemplate: { id: "hint", text: "{problem}" },
    },
    counts: {
      of: "attempts",
      candidates: rows + 3,
      rows,
      problems: rows,
      attempts: rows,
      dropped: [{ reason: "no_proposal", says: "verified, and no sample proposed an intervention that could be used", count: 3 }],
    },
    decisions: {
      rule: "win",
      accepted: 0,
      located: 0,
      edited: 0,
      settled: 0,
      rejected: 0,
      noError: 0,
      otherStep: 0,
      differ: 0,
      undecided: rows,
    },
    runs: [],
    templates: [{ id: "bare", rows }],
    tokens: { counted: false, note: "", total: 0, mean: 0, min: 0, median: 0, p90: 0, max: 0 },
    digest: { algorithm: "sha256", over: "", value: "0".repeat(64) },
  };
}
