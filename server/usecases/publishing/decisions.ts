import type pg from "pg";
import type { Row } from "../../core/exporting/fields";
import type { PublishedDecision } from "../../core/views/publication";
import { copyOut } from "../../store/exports/copy-out";
import { countWithheld } from "../../store/exports/facts";
import type { Scope } from "../../store/exports/scope";
import { tableQuery } from "../../store/exports/tables";
import type { Disguise } from "./disguise";

/**
 * Decisions by attempt, in the order in which they were made, by the rules of the export: those of a blind queue that is
 * open are held back. `withheld`: how many.
 */
export async function publishedDecisions(
  client: pg.ClientBase,
  studyId: string,
  request: { names: boolean; anonymous: boolean },
  disguise: Disguise,
): Promise<{ byAttempt: Map<string, PublishedDecision[]>; withheld: number }> {
  const scope: Scope = { studyId, filters: {}, names: request.names, openBlindQueues: [] };
  const byAttempt = new Map<string, PublishedDecision[]>();
  for await (const rows of copyOut(client, tableQuery("decisions", scope))) {
    for (const row of rows) {
      const attempt = String(row.attempt_id);
      const list = byAttempt.get(attempt) ?? [];
      byAttempt.set(attempt, list);
      list.push(decisionOf(row, request.anonymous, disguise));
    }
  }
  return { byAttempt, withheld: await countWithheld(client, scope) };
}

function decisionOf(row: Row, anonymous: boolean, disguise: Disguise): PublishedDecision {
  const text = (name: string) => (typeof row[name] === "string" ? row[name] : "");
  const number = (name: string) => (typeof row[name] === "number" ? row[name] : null);
  return {
    judge: disguise.judge(text("judge")),
    queue: anonymous ? "" : text("queue"),
    action: text("action"),
    reason: text("reason"),
    errorType: text("error_type"),
    note: text("note"),
    firstError: number("first_error"),
    location: number("location"),
    content: typeof row.content === "string" ? row.content : null,
    counts: row.counts === true,
  };
}
