/** What a list is asked, and the address that says it. What makes no sense in an address is left out rather than refused. */
import { z } from "zod";
import { fixedOptions } from "./column";
import { type Filter, filterSchema, filterText, parseFilter } from "./filter";
import { columnOf, type ListName, specOf } from "./tables";

export interface Sort {
  id: string;
  desc: boolean;
}

export const listQuerySchema = z.object({
  /** By column id. */
  filters: z.record(z.string(), filterSchema),
  /** The most important first; one at least. */
  sort: z.array(z.object({ id: z.string(), desc: z.boolean() })).max(4),
  /** Columns shown, in the list's own order; null: the usual ones. */
  columns: z.array(z.string()).nullable(),
});
export type ListQuery = z.infer<typeof listQuerySchema>;

/** Words of an address that are no columns. `after` and `before`: where a page begins or ends (cursor.ts). */
export const RESERVED = ["sort", "dir", "columns", "after", "before", "view"] as const;


/** The question in an address. */
export function parseQuery(name: ListName, search: URLSearchParams): ListQuery {
  const filters: Record<string, Filter> = {};
  for (const [id, column] of Object.entries(specOf(name).columns)) {
    const text = search.get(id);
    const filter = text === null ? null : parseFilter(column, text);
    if (filter !== null) filters[id] = filter;
  }
  return { filters, sort: parseSort(name, search), columns: parseColumns(name, search.get("columns")) };
}

/** The question as an address writes it; what is usual is left out. {@link parseQuery} reads it back. */
export function searchOfQuery(name: ListName, query: ListQuery): URLSearchParams {
  const search = new URLSearchParams();
  for (const [id, column] of Object.entries(specOf(name).columns)) {
    const filter = Object.hasOwn(query.filters, id) ? query.filters[id] : undefined;
    if (filter !== undefined) search.set(id, filterText(column, filter));
  }
  const usual = specOf(name).sort;
  const [first, ...more] = query.sort;
  if (first !== undefined && more.length > 0)
    search.set("sort", query.sort.map((s) => (s.desc ? `-${s.id}` : s.id)).join(","));
  else if (first !== undefined && (first.id !== usual.id || first.desc !== usual.desc)) {
    search.set("sort", first.id);
    if (first.desc) search.set("dir", "desc");
  }
  if (query.columns !== null) search.set("columns", query.columns.join(","));
  return search;
}

/** A stored question, as the list is today: what it no longer has is left out. */
export function checkedQuery(name: ListName, query: ListQuery): ListQuery {
  return parseQuery(name, searchOfQuery(name, query));
}

/** Ids of the columns that a question shows, in the list's order; the lead is always among them. */
export function shownColumns(name: ListName, query: Pick<ListQuery, "columns">): string[] {
  const { columns, lead } = specOf(name);
  return Object.entries(columns)
    .filter(([id, c]) => c.hidden !== true && (id === lead || (query.columns === null ? c.shown === true : query.columns.includes(id))))
    .map(([id]) => id);
}

/** How many filters narrow a question. */
export const filterCount = (query: Pick<ListQuery, "filters">): number => Object.keys(query.filters).length;

/** "sort=steps&dir=desc", "sort=-steps", "sort=reward,-steps". */
function parseSort(name: ListName, search: URLSearchParams): Sort[] {
  const spec = specOf(name);
  const all: Sort[] = [];
  const words = (search.get("sort") ?? "").split(",");
  for (const word of words) {
    const bare = word.startsWith("-") ? word.slice(1) : word;
    const id = bare;
    if (columnOf(name, id)?.sort !== true || all.some((s) => s.id === id) || all.length === 4) continue;
    all.push({ id, desc: word.startsWith("-") || (words.length === 1 && search.get("dir") === "desc") });
  }
  if (all.length > 0) return all;
  const dir = search.get("dir");
  // A direction alone turns the usual order round.
  return [{ id: spec.sort.id, desc: dir === "desc" ? true : dir === "asc" ? false : spec.sort.desc }];
}

function parseColumns(name: ListName, text: string | null): string[] | null {
  if (text === null) return null;
  const wanted = text.split(",");
  const { columns, lead } = specOf(name);
  const known = Object.keys(columns).filter((id) => columns[id]?.hidden !== true && (id === lead || wanted.includes(id)));
  const usual = shownColumns(name, { columns: null });
  return known.length === usual.length && known.every((id) => usual.includes(id)) ? null : known;
}

/** A filter in words: "right or wrong", "5 to 9", "contains “x”". Values of the study's own stand as they are. */
export function filterWords(name: ListName, id: string, filter: Filter, words: (value: string) => string = (v) => v): string {
  const column = columnOf(name, id);
  if (column === null) return "";
  const known = new Map(fixedOptions(column) ?? []);
  const say = (value: string | null) => (value === null ? "none" : (known.get(value) ?? words(value)));
  switch (filter.is) {
    case "any":
      return "any";
    case "has":
      return `has “${filter.text}”`;
    case "in":
      return filter.values.map(say).join(" or ");
    case "not":
      return `not ${filter.values.map(say).join(" or ")}`;
    case "range":
      if (filter.min === filter.max && filter.below !== true) return String(filter.min);
      if (filter.max === null) return `from ${filter.min}`;
      return `${filter.min === null ? "" : `${filter.min} `}${filter.below === true ? "to below" : "to"} ${filter.max}`;
  }
}
