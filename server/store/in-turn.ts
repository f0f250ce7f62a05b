import type pg from "pg";
import type { Sql } from "./views/sql";

/**
 * One connection for readers that ask several things at once: their statements go one after the other (pg warns of a
 * client that is asked while it answers, and will refuse it).
 */
export function inTurn(client: pg.ClientBase): Sql {
  let last: Promise<unknown> = Promise.resolve();
  const query = (text: string, values?: unknown[]) => {
    const answer = last.then(() => client.query(text, values));
    last = answer.catch(() => {});
    return answer;
  };
  // Views ask with a text and values, and await the answer; pg's other ways to ask (streams, callbacks) are not theirs.
  return { query: query as Sql["query"] };
}
