import type { AttemptPage, AttemptQuery, Neighbours } from "../../core/views/attempts";
import { attemptNeighbours, countAttempts, listAttempts } from "../../store/views/attempt-list";
import { type PageDeps, studyOf } from "./find";

const PAGE = 50;
/** Counting stops here; the page then says "more than". */
const COUNT_CAP = 10_000;

/** One page of the attempts table. @throws InterveneError("not_found") */
export async function readAttempts(
  deps: PageDeps,
  input: { study: string; query: AttemptQuery; cursor?: string | null | undefined; personId?: string | null },
): Promise<AttemptPage> {
  const study = await studyOf(deps, input.study);
  return listAttempts(deps.pool, study.id, input.query, input.cursor ?? null, PAGE, input.personId ?? null);
}

/** How many attempts the table's filters find. `more`: there are more than `count`. */
export async function readAttemptCount(
  deps: PageDeps,
  input: { study: string; query: AttemptQuery; personId?: string | null },
): Promise<{ count: number; more: boolean }> {
  const study = await studyOf(deps, input.study);
  const count = await countAttempts(deps.pool, study.id, input.query, COUNT_CAP, input.personId ?? null);
  return { count: Math.min(count, COUNT_CAP), more: count > COUNT_CAP };
}

/** The attempts before and after one, in the order and under the filters of the table. */
export async function readNeighbours(
  deps: PageDeps,
  input: { study: string; query: AttemptQuery; attempt: string; personId?: string | null },
): Promise<Neighbours> {
  const study = await studyOf(deps, input.study);
  return attemptNeighbours(deps.pool, study.id, input.query, input.attempt, input.personId ?? null);
}
