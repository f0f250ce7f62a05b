/** What one page of a list holds. */
export interface ListPage<R> {
  rows: R[];
  /** Where the next page begins; null on the last one. */
  next: string | null;
}

/** Where in a list, and how many rows. */
export interface ListAt {
  after: string | null;
  limit: number;
}

/** A page of a list that goes on after the id of its last row: one row more is read, to know whether there is a next. */
export async function pageById<R extends { id: string }>(
  at: ListAt,
  read: (after: string | null, limit: number) => Promise<R[]>,
): Promise<ListPage<R>> {
  return pageBy(at, read, (row) => row.id);
}

/** As {@link pageById}, for a list in the order of something else. */
export async function pageBy<R>(
  at: ListAt,
  read: (after: string | null, limit: number) => Promise<R[]>,
  place: (row: R) => string,
): Promise<ListPage<R>> {
  const rows = await read(at.after, at.limit + 1);
  const shown = rows.slice(0, at.limit);
  const last = rows.length > at.limit ? shown.at(-1) : undefined;
  return { rows: shown, next: last === undefined ? null : place(last) };
}
