import type pg from "pg";
import type { ListRow } from "@/server/core/lists/cells";
import { parseQuery, shownColumns } from "@/server/core/lists/query";
import { type ListName, specOf } from "@/server/core/lists/tables";
import { listPage, type ListQuestion } from "@/server/store/lists/list";

/** A question to a study's list, as an address asks it. */
export const ask = (studyId: string, list: ListName, search = ""): ListQuestion => ({
  list,
  studyId,
  query: parseQuery(list, new URLSearchParams(search)),
  judge: null,
});

/** Every column with something to show. */
export const allColumns = (list: ListName): string[] => shownColumns(list, { columns: Object.keys(specOf(list).columns) });

/** All rows of a question, page by page, forwards and then backwards; both ways are asserted to agree by the caller. */
export async function walk(
  pool: pg.Pool,
  question: ListQuestion,
  limit: number,
  columns: string[] = [],
): Promise<{ forwards: ListRow[]; backwards: ListRow[] }> {
  const forwards: ListRow[] = [];
  const backwards: ListRow[] = [];
  let last: { previous: string | null; rows: ListRow[] } | undefined;
  for (let after: string | null | undefined; after !== null; ) {
    const page = await listPage(pool, question, { after }, limit, columns);
    forwards.push(...page.rows);
    last = page;
    after = page.next;
  }
  backwards.push(...(last?.rows ?? []));
  for (let before = last?.previous ?? null; before !== null; ) {
    const page = await listPage(pool, question, { before }, limit, columns);
    backwards.unshift(...page.rows);
    before = page.previous;
  }
  return { forwards, backwards };
}
