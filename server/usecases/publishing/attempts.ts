import { valuePoint } from "../../core/branching/values";
import type { AttemptQuery, AttemptRow } from "../../core/views/attempts";
import type { PublishRequest } from "../../core/publishing/request";
import type {
  PublishedAttempt,
  PublishedAttemptRow,
  PublishedDecision,
  PublishedGrade,
  PublishedProblem,
  PublishedText,
} from "../../core/views/publication";
import {
  attemptBodies,
  continuationsOf,
  labelsOf,
  type NewestGrade,
  newestGrades,
  problemBodies,
  problemContinuations,
  proposalsOf,
  type PublishedContinuation,
  valuesOf,
  verificationsOf,
} from "../../store/publishing/attempts";
import type { Sql } from "../../store/views/sql";
import type { Disguise } from "./disguise";
import type { Folder } from "./folder";
import { packTexts } from "./texts";

/** The list that a request's attempts are taken from, in the order of the product's own table. */
export function queryOf({ attempts }: Pick<PublishRequest, "attempts">): AttemptQuery {
  return {
    sort: "problem",
    dir: "asc",
    ...(attempts === "failed" ? { reward: "wrong" as const } : {}),
    ...(attempts === "with-proposal" ? { proposal: "chosen" as const } : {}),
  };
}

/** What was written of some attempts or problems. */
export interface Written {
  verifications: number;
  proposals: number;
  continuations: number;
}

/** A row of the table as the index holds it. */
export function indexRow(row: AttemptRow, disguise: Disguise): PublishedAttemptRow {
  const rate = (of: { samples: number; correct: number } | null) => (of === null ? null : ([of.correct, of.samples] as const));
  return [
    row.id,
    row.problemId,
    row.sampleIndex,
    disguise.model(row.model),
    row.reward,
    row.steps,
    row.tokens,
    row.finishReason,
    row.firstError,
    row.agreeing,
    row.verifications,
    row.label,
    row.proposal?.location ?? null,
    row.proposal?.kept ?? null,
    row.proposal?.leaked ?? false,
    rate(row.arms.prefix),
    rate(row.arms.original),
    rate(row.arms.intervention),
  ];
}

/** Write the files of these attempts, in their order. @param decisions null: without what people decided and wrote. */
export async function writeAttempts(
  sql: Sql,
  folder: Folder,
  ids: readonly string[],
  decisions: ReadonlyMap<string, PublishedDecision[]> | null,
  disguise: Disguise,
): Promise<Written> {
  // One after the other: they share the snapshot's connection.
  const bodies = new Map((await attemptBodies(sql, ids)).map((a) => [a.id, a]));
  const grades = byKey(await newestGrades(sql, "attempt_id", ids), "of");
  const labels = byKey(await labelsOf(sql, ids), "attemptId");
  const verifications = byKey(await verificationsOf(sql, ids), "attemptId");
  const proposals = byKey(await proposalsOf(sql, ids, decisions !== null), "attemptId");
  const all = await continuationsOf(sql, ids);
  const published = new Set([...proposals.values()].flat().map((p) => p.id));
  // What was sampled from a person's version goes with it.
  const shown = all.filter((c) => c.proposalId === null || published.has(c.proposalId));
  const continuations = byKey(shown, "of");
  const continuationGrades = gradesOf(await newestGrades(sql, "continuation_id", shown.map((c) => c.id)));
  const values = byKey(await valuesOf(sql, ids), "attemptId");
  const written: Written = { verifications: 0, proposals: 0, continuations: 0 };

  for (const id of ids) {
    const body = bodies.get(id);
    if (body === undefined) throw new Error(`attempt ${id} is in the list and not in the table`);
    const { problemId, stage, model, text, ...rest } = body;
    const mine = continuations.get(id) ?? [];
    const logs = verifications.get(id) ?? [];
    const own = proposals.get(id) ?? [];
    const points = values.get(id) ?? [];
    const grade = grades.get(id)?.[0];
    const { files, ...texts } = packTexts([
      ...logs.map((v): PublishedText => ({ id: v.id, text: v.text })),
      ...mine.map((c) => textOf(c, continuationGrades)),
    ]);
    const attempt: PublishedAttempt = {
      attempt: {
        ...rest,
        problemId,
        stage,
        text,
        model: disguise.model(model),
        grade: grade === undefined ? null : gradeOf(grade),
        labels: (labels.get(id) ?? []).map((l) => ({ source: disguise.source(l.source), firstError: l.firstError })),
      },
      verifications: logs.map(({ attemptId: _, text: __, ...v }) => v),
      proposals: own.map(({ attemptId: _, ...p }) => p),
      marks: mine.map(markOf),
      values: points[0] === undefined ? null : { model: disguise.model(points[0].model), points: points.map(({ step, n, correct }) => valuePoint({ step, n, correct })) },
      decisions: decisions?.get(id) ?? [],
      ...texts,
    };
    await folder.data(`attempt/${id}`, attempt);
    for (const [n, part] of files.entries()) await folder.data(`attempt/${id}.${n}`, part);
    written.verifications += logs.length;
    written.proposals += own.length;
    written.continuations += mine.length;
  }
  return written;
}

/** Write the files of these problems. */
export async function writeProblems(
  sql: Sql,
  folder: Folder,
  studyId: string,
  ids: readonly string[],
  disguise: Disguise,
): Promise<number> {
  const bodies = new Map((await problemBodies(sql, ids)).map((p) => [p.id, p]));
  const all = await problemContinuations(sql, studyId, ids);
  const grades = gradesOf(await newestGrades(sql, "continuation_id", all.map((c) => c.id)));
  const byProblem = byKey(all, "of");
  for (const id of ids) {
    const body = bodies.get(id);
    if (body === undefined) throw new Error(`problem ${id} has attempts and is not in the table`);
    const mine = byProblem.get(id) ?? [];
    const { files, ...texts } = packTexts(mine.map((c) => textOf(c, grades)));
    const problem: PublishedProblem = {
      problem: { ...body, referenceSource: disguise.source(body.referenceSource) },
      marks: mine.map(markOf),
      ...texts,
    };
    await folder.data(`problem/${id}`, problem);
    for (const [n, part] of files.entries()) await folder.data(`problem/${id}.${n}`, part);
  }
  return all.length;
}

const markOf = ({ id, arm, proposalId, sampleIndex, outcome, tokens }: PublishedContinuation) => ({
  id,
  arm,
  proposalId,
  sampleIndex,
  outcome,
  tokens,
});

const gradeOf = ({ extracted, reason, graderVersion }: NewestGrade): PublishedGrade => ({ extracted, reason, graderVersion });
const gradesOf = (rows: readonly NewestGrade[]) => new Map(rows.map((g) => [g.of, gradeOf(g)]));

function textOf(c: PublishedContinuation, grades: ReadonlyMap<string, PublishedGrade>): PublishedText {
  return { id: c.id, text: c.text, seed: c.seed, finishReason: c.finishReason, grade: grades.get(c.id) ?? null };
}

function byKey<K extends string, T extends Record<K, string>>(rows: readonly T[], key: K): Map<string, T[]> {
  const map = new Map<string, T[]>();
  for (const row of rows) {
    const list = map.get(row[key]);
    if (list === undefined) map.set(row[key], [row]);
    else list.push(row);
  }
  return map;
}
