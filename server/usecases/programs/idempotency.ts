import {
  claimWrite,
  forgetAnswers,
  HOLD,
  keepAnswer,
  releaseClaim,
  renewClaim,
  type StoredAnswer,
  type Write,
} from "../../store/programs/idempotency";
import type { Sql } from "../../store/views/sql";

export type { StoredAnswer, Write };

/** done: now or before (`replayed`) · other: the key was used for another request · running: it is under way. */
export type Once =
  | { kind: "done"; answer: StoredAnswer; replayed: boolean }
  | { kind: "other" }
  | { kind: "running" };

let forgotten = 0;
const HOUR = 3_600_000;

/**
 * Do a write once, however often it is sent: its answer is kept with its key in the database, so that a restart of the
 * web changes nothing. A write that throws gives its key back. A process that dies in the middle leaves a claim that
 * runs out after some seconds; then the same write may be done again, and meets its own rows by their natural keys.
 */
export async function once(deps: { pool: Sql }, write: Write, work: () => Promise<StoredAnswer>): Promise<Once> {
  if (Date.now() - forgotten > HOUR) {
    forgotten = Date.now();
    await forgetAnswers(deps.pool);
  }
  const claim = await claimWrite(deps.pool, write);
  if (claim.kind === "answered") return { kind: "done", answer: claim.answer, replayed: true };
  if (claim.kind !== "mine") return claim;
  const renew = setInterval(() => {
    renewClaim(deps.pool, write).catch(() => {}); // the database is away: the work itself will say so
  }, (HOLD * 1000) / 3);
  try {
    const answer = await work();
    await keepAnswer(deps.pool, write, answer);
    return { kind: "done", answer, replayed: false };
  } catch (error) {
    await releaseClaim(deps.pool, write).catch(() => {}); // it runs out by itself
    throw error;
  } finally {
    clearInterval(renew);
  }
}
