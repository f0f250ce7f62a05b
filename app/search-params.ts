/** What addresses carry: the attempts table's question, and where the reader stands in an attempt. */
import { type AttemptQuery, attemptQuerySchema } from "@/server/core/views/attempts";
import { type LocalisationQuery, localisationQuerySchema } from "@/server/core/views/localisation";

export type SearchParams = Record<string, string | string[] | undefined>;

/** The first value of a search parameter. */
export function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

const FIELDS = ["run", "problem", "reward", "proposal", "located", "sort", "dir"] as const;

/** The table's question in an address; what makes no sense is left out rather than refused. */
export function attemptQueryOf(search: SearchParams | URLSearchParams): AttemptQuery {
  const given: Record<string, string> = {};
  for (const field of FIELDS) {
    const value = search instanceof URLSearchParams ? (search.get(field) ?? undefined) : single(search[field]);
    if (value !== undefined && attemptQuerySchema.shape[field].safeParse(value).success) given[field] = value;
  }
  return attemptQuerySchema.parse(given);
}

/** The question as search parameters; defaults are left out. */
export function searchOf(query: AttemptQuery): URLSearchParams {
  const search = new URLSearchParams();
  for (const field of FIELDS) {
    const value = query[field];
    if (value !== undefined && !(field === "sort" && value === "problem") && !(field === "dir" && value === "asc"))
      search.set(field, value);
  }
  return search;
}

/** What the page of first errors is asked; nonsense is left out. */
export function localisationQueryOf(search: SearchParams | URLSearchParams): LocalisationQuery {
  const given: Record<string, string> = {};
  for (const field of ["by", "source", "run"] as const) {
    const value = search instanceof URLSearchParams ? (search.get(field) ?? undefined) : single(search[field]);
    if (value !== undefined && localisationQuerySchema.shape[field].safeParse(value).success) given[field] = value;
  }
  return localisationQuerySchema.parse(given);
}

/** {@link localisationQueryOf}'s question as search parameters; defaults are left out. */
export function localisationSearchOf(query: LocalisationQuery): URLSearchParams {
  const search = new URLSearchParams();
  if (query.by !== "majority") search.set("by", query.by);
  if (query.source !== undefined) search.set("source", query.source);
  if (query.run !== undefined) search.set("run", query.run);
  return search;
}

/** `?…` or "" . */
export function withMark(search: URLSearchParams): string {
  const text = search.toString();
  return text === "" ? "" : `?${text}`;
}

/** Change the address without asking the server for the page again; Next's useSearchParams follows. */
export function replaceSearch(change: (search: URLSearchParams) => void): void {
  const search = new URLSearchParams(window.location.search);
  change(search);
  window.history.replaceState(null, "", `${window.location.pathname}${withMark(search)}`);
}
