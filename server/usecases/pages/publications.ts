import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import type pg from "pg";
import type { PublishWish } from "../../core/publishing/request";
import type { PublicationPreview, PublicationView } from "../../core/views/publication";
import { InterveneError } from "../../errors";
import { homePaths } from "../../home";
import { countRows } from "../../store/exports/copy-out";
import { countWithheld } from "../../store/exports/facts";
import type { Scope } from "../../store/exports/scope";
import { withSnapshot } from "../../store/exports/snapshot";
import { tableQuery } from "../../store/exports/tables";
import { countPublishable } from "../../store/publishing/attempts";
import { deletePublication, listPublications } from "../../store/publishing/runs";
import { queryOf } from "../publishing/attempts";
import { parsePublishWish } from "../publishing/start";
import { studyOf } from "./find";

interface PoolDeps {
  pool: pg.Pool;
}

/** What a publication would hold. @throws as parsePublishWish does. */
export async function readPublicationPreview(
  deps: PoolDeps,
  input: { study: string; wish: PublishWish },
): Promise<PublicationPreview> {
  const request = parsePublishWish(input.wish);
  const study = await studyOf(deps, input.study);
  const counts = await countPublishable(deps.pool, study.id, queryOf(request));
  const scope: Scope = { studyId: study.id, filters: {}, names: false, openBlindQueues: [] };
  const [decisions, withheldDecisions] = request.decisions
    ? await withSnapshot(deps.pool, async (client) => [
        await countRows(client, tableQuery("decisions", scope)),
        await countWithheld(client, scope),
      ])
    : [0, 0];
  const drawn = typeof request.attempts === "number" ? Math.min(1, request.attempts / Math.max(1, counts.attempts)) : 1;
  return {
    attempts: Math.round(counts.attempts * drawn),
    // Of a draw it is not known before: at most so many.
    problems: Math.min(counts.problems, Math.round(counts.attempts * drawn)),
    continuations: Math.round(counts.continuations * drawn),
    decisions: decisions ?? 0,
    withheldDecisions: withheldDecisions ?? 0,
    exact: drawn === 1,
  };
}

/** Publications of a study, newest first. */
export async function readPublications(deps: PoolDeps, input: { study: string }, home: string): Promise<PublicationView[]> {
  const study = await studyOf(deps, input.study);
  const runs = await listPublications(deps.pool, study.id);
  return runs.map((run) => ({
    ...run,
    there: run.result !== null && existsSync(path.join(homePaths(home).publications, run.result.folder)),
  }));
}

/** Forget a publication and its files. @throws InterveneError("conflict") while it is under way. */
export async function removePublication(deps: PoolDeps, input: { study: string; runId: string }, home: string): Promise<void> {
  const study = await studyOf(deps, input.study);
  if (!(await deletePublication(deps.pool, study.id, input.runId)))
    throw new InterveneError("conflict", "This publication is still under way, or not there: cancel it first.");
  await rm(path.join(homePaths(home).publications, input.runId), { recursive: true, force: true });
}
