import { v7 as uuid } from "uuid";
import { afterAll, beforeAll, expect, test } from "vitest";
import { manifestSchema } from "@/server/core/datasets/manifest";
import { datasetOptionsSchema } from "@/server/core/datasets/settings";
import { startDataset } from "@/server/usecases/datasets/create";
import { readDatasetRow } from "@/server/usecases/datasets/pages";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { type RunningWorker, startWorker } from "@/workers/worker/worker";
import { allDone, until } from "../pipeline/support/study";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { type Seeded, seedAttempt, seedProblems, seedProposal, seedRun } from "./support";

let database: TestDatabase;
let deps: Deps;
let worker: RunningWorker;
let seeded: Seeded;

beforeAll(async () => {
  database = await createTestDatabase("dataset people");
  deps = createDeps({ databaseUrl: database.url, name: "test dataset people" });
  seeded = await seedProblems(deps, { name: "judged", problems: 10, models: { base: false, r1: false } });
  worker = await startWorker({ databaseUrl: database.url, inferenceUrl: "http://127.0.0.1:9", log: () => {} });
});
afterAll(async () => {
  await worker?.stop();
  await deps?.close();
  await database?.close();
});

async function build(name: string, o: object) {
  const options = datasetOptionsSchema.parse(o);
  const made = await startDataset(deps, seeded.study, { options, name, base: "base" });
  await until(deps, made.pipelineId, name, allDone, 30_000);
  const dataset = await deps.prisma.dataset.findUniqueOrThrow({
    where: { id: made.datasetId },
    include: { items: { orderBy: { ordinal: "asc" } } },
  });
  const manifest = manifestSchema.parse(dataset.manifest);
  const dropped = Object.fromEntries(manifest.counts.dropped.map((d) => [d.reason, d.count]));
  return { items: dataset.items, manifest, dropped };
}

test("people's decisions decide the rows: agreed, settled, undone, gold and open items", async () => {
  const run = await seedRun(deps, seeded, "base");
  const attempts: string[] = [];
  const proposals: string[] = [];
  for (const [i, problemId] of seeded.problemIds.entries()) {
    const text = `First step.\n\nWrong step ${i}.\n\n\\boxed{0}`;
    const attemptId = await seedAttempt(deps, { runId: run, problemId, modelId: seeded.models.base, text, reward: 0 });
    attempts.push(attemptId);
    proposals.push(await seedProposal(deps, { runId: run, attemptId, content: `Model's ${i}.`, location: 2 }));
  }
  const queueId = uuid();
  const people = [uuid(), uuid()];
  for (const [i, id] of people.entries())
    await deps.pool.query("INSERT INTO person (id, name, token_hash) VALUES ($1, $2, $2)", [id, `judge ${i}`]);
  await deps.pool.query(
    "INSERT INTO queue (id, study_id, name, subject, schema, judges, filter) VALUES ($1, $2, 'q', 'proposal', '{}', 2, '{}')",
    [queueId, seeded.study.id],
  );
  type Say = { action: string; content?: string; location?: number; firstError?: number };
  const decide = async (itemId: string, person: string | undefined, s: Say) => {
    const id = uuid();
    await deps.pool.query(
      `INSERT INTO decision (id, item_id, person_id, action, first_error, content, location, shown, seconds, client_key)
       VALUES ($1, $2, $3, $4, $5, $6, $7, '{}', 1, $8)`,
      [id, itemId, person, s.action, s.firstError ?? null, s.content ?? null, s.location ?? null, uuid()],
    );
    return id;
  };
  /** An item with its decisions; `agreed`: they agree on the first. */
  const item = async (n: number, says: Say[], o: { state: string; agreed: boolean; gold?: boolean }) => {
    const id = uuid();
    await deps.pool.query(
      "INSERT INTO queue_item (id, queue_id, ordinal, attempt_id, proposal_id, gold, decided, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      [id, queueId, n, attempts[n], proposals[n], o.gold ? '{"firstError":2,"source":"x"}' : null, says.length, o.state],
    );
    const decisions: string[] = [];
    for (const [i, s] of says.entries()) decisions.push(await decide(id, people[i], s));
    if (o.agreed) await deps.pool.query("UPDATE queue_item SET agreed_id = $2 WHERE id = $1", [id, decisions[0]]);
    return { id, decisions };
  };
  const agreed = { state: "complete", agreed: true };
  const [accept, reject] = [{ action: "accept", firstError: 2 }, { action: "reject" }];
  const one = await item(0, [accept, accept], agreed);
  await item(1, [reject, reject], agreed);
  const edit = { action: "edit", content: "A person's words.", location: 2, firstError: 2 };
  const edited = await item(2, [edit, edit], agreed);
  await item(3, [{ action: "no_error" }, { action: "no_error" }], agreed);
  await item(4, [accept, reject], { state: "complete", agreed: false });
  const settled = await item(5, [accept, reject], { state: "settled", agreed: false });
  await deps.pool.query(
    "INSERT INTO settlement (id, item_id, person_id, decision_id, action) VALUES ($1, $2, $3, $4, 'accept')",
    [uuid(), settled.id, people[0], settled.decisions[0]],
  );
  await item(6, [reject], { state: "open", agreed: false });
  await item(7, [reject, reject], { ...agreed, gold: true });
  await item(8, [{ action: "locate", firstError: 3 }], agreed);
  const version = await seedProposal(deps, {
    runId: run,
    attemptId: attempts[2] ?? "",
    sample: 1,
    author: "person",
    decisionId: edited.decisions[0] ?? "",
    content: "A person's words.",
    location: 2,
    chosen: false,
  });

  const { items, manifest, dropped } = await build("people win", { source: "int" });
  const by = new Map(items.map((r) => [attempts.indexOf(r.attemptId ?? ""), r]));
  expect([...by.keys()]).toEqual([0, 2, 5, 6, 7, 9]);
  expect(by.get(0)).toMatchObject({ decisionId: one.decisions[0], proposalId: proposals[0] });
  expect(by.get(2)).toMatchObject({ decisionId: edited.decisions[0], proposalId: version });
  expect(by.get(2)?.completion).toBe("First step.\n\nA person's words.");
  expect(by.get(5)).toMatchObject({ decisionId: settled.decisions[0], proposalId: proposals[5] });
  expect(by.get(9)).toMatchObject({ decisionId: null });
  expect(dropped).toEqual({ rejected: 1, no_error: 1, judges_differ: 1, other_step: 1 });
  expect(manifest.decisions).toEqual({
    rule: "win", accepted: 2, located: 0, edited: 1, settled: 1, rejected: 1, noError: 1, otherStep: 1, differ: 1, undecided: 3,
  });
  expect(manifest.tokens).toMatchObject({ counted: false, note: "No server serves the base model, so tokens were not counted." });

  const row = await readDatasetRow(deps, { study: "judged", dataset: "people win", ordinal: 2 });
  expect(row).toMatchObject({ attemptId: attempts[5], decided: { person: "judge 0", queue: "q", itemId: settled.id, number: 6 } });

  const only = await build("judged only", { source: "int", decisions: "only" });
  expect(only.items.map((r) => attempts.indexOf(r.attemptId ?? ""))).toEqual([0, 2, 5]);
  expect(only.dropped.not_judged).toBe(3);
  const ignored = await build("nobody asked", { source: "int", decisions: "ignore" });
  expect(ignored.items.map((r) => r.proposalId)).toEqual(proposals);
  expect(ignored.manifest.decisions).toMatchObject({ rule: "ignore", accepted: 0, undecided: 0 });

  // Ready data sets stay as they are, whatever people say later.
  await deps.pool.query("UPDATE queue_item SET agreed_id = NULL, state = 'open' WHERE id = $1", [one.id]);
  expect((await deps.prisma.dataset.findFirstOrThrow({ where: { name: "people win" } })).digest).toBe(manifest.digest.value);
  expect((await build("later", { source: "int" })).manifest.decisions.accepted).toBe(1);
});

test("R1's thinking and summaries from imported answers; at most so many rows of a problem", async () => {
  const run = await seedRun(deps, seeded, "r1");
  for (const [i, problemId] of seeded.problemIds.slice(0, 4).entries()) {
    for (let sample = 0; sample < 3; sample++) {
      const text = i === 3 ? "No thinking." : `<think>\nthought ${i}/${sample}\n</think>\n\nSummary ${i}/${sample}.`;
      await seedAttempt(deps, { runId: run, problemId, modelId: seeded.models.r1, sample, text, reward: sample === 2 ? 0 : 1 });
    }
  }
  const think = await build("think", { source: "r1_think" });
  expect(think.manifest.settings.from).toEqual(["r1"]);
  expect(think.manifest.counts).toMatchObject({ candidates: 12, rows: 6, problems: 3, attempts: 6, of: "attempts" });
  expect(think.dropped).toEqual({ wrong: 4, no_think: 2 });
  expect(think.items[1]).toMatchObject({ completion: "<think>\nthought 0/1\n</think>", ends: false });
  expect(think.items[0]?.prompt).toBe("What is 1 plus 1?");
  const summary = await build("summary", { source: "r1_summary", perProblem: 1 });
  expect(summary.items.map((r) => r.completion)).toEqual(["Summary 0/0.", "Summary 1/0.", "Summary 2/0."]);
  expect(summary.items.every((r) => r.ends)).toBe(true);
  expect(summary.dropped).toEqual({ wrong: 4, no_think: 2, same_problem: 3 });
});
