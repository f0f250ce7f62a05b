import type { SearchParams } from "@/app/search-params";
import { MOST_COLUMNS } from "@/server/core/comparing/choice";
import type { TableColumn } from "@/server/core/views/comparing-table";

/** What the page of the final table is asked: `col=8:AMO-Bench` for each column, `baseline`, `sort` (a column's number) and `dir`. */
export interface Question {
  /** null: those the table chooses. */
  columns: TableColumn[] | null;
  baseline: string | null;
  sort: number | null;
  descending: boolean;
}

/** The question in an address; what makes no sense is left out. */
export function questionOf(search: SearchParams | URLSearchParams): Question {
  const all = (name: string): string[] => {
    if (search instanceof URLSearchParams) return search.getAll(name);
    const value = search[name];
    return value === undefined ? [] : [value].flat();
  };
  const columns = all("col").flatMap((text) => {
    const [, k, set] = /^(\d{1,6}):(.+)$/s.exec(text) ?? [];
    return k === undefined || set === undefined || Number(k) < 1 || Number(k) > 100_000 ? [] : [{ k: Number(k), set }];
  });
  const sort = all("sort")[0];
  return {
    columns: columns.length === 0 ? null : columns.slice(0, MOST_COLUMNS),
    baseline: all("baseline")[0] ?? null,
    sort: sort !== undefined && /^\d{1,2}$/.test(sort) ? Number(sort) : null,
    descending: all("dir")[0] !== "asc",
  };
}

/** The question as its procedure takes it. */
export function inputOf(study: string, { columns, baseline }: Question) {
  return { study, columns: columns ?? undefined, baseline: baseline ?? undefined };
}
