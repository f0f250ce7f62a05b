import type { SearchParams } from "@/app/search-params";
import { type ListQuery, parseQuery, RESERVED, searchOfQuery } from "@/server/core/lists/query";
import { type ListName, specOf } from "@/server/core/lists/tables";

/** What a list's page is asked, and where in the list it stands. */
export interface Asked {
  query: ListQuery;
  after: string | null;
  before: string | null;
}

/** The question of an address. */
export function askedOf(list: ListName, search: URLSearchParams): Asked {
  return { query: parseQuery(list, search), after: search.get("after"), before: search.get("before") };
}

/** The question as search parameters. */
export function searchOfAsked(list: ListName, { query, after, before }: Asked): URLSearchParams {
  const search = searchOfQuery(list, query);
  if (after !== null) search.set("after", after);
  else if (before !== null) search.set("before", before);
  return search;
}

/** What an address says beside the list's question (a form on the same page). */
export function besides(list: ListName, search: URLSearchParams): URLSearchParams {
  const own = new Set<string>([...Object.keys(specOf(list).columns), ...RESERVED]);
  return new URLSearchParams([...search].filter(([name]) => !own.has(name)));
}

/** Next's parameters as others read them; of several values the first counts. */
export function paramsOf(search: SearchParams): URLSearchParams {
  const all = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) all.set(name, first);
  }
  return all;
}
