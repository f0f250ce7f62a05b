/** Which columns the final table has: what was asked for, or what there is. */
import type { FinalTableQuery, TableAverage, TableColumn, TableSet } from "../views/comparing-table";

/** Most columns of a table: as many as a window can hold, and a request may compute. */
export const MOST_COLUMNS = 60;

/**
 * The columns that a question means: as it names them, else each named set (all of them) at each k (1).
 *
 * @returns what it names and the study does not have stands in `unknown`.
 */
export function chosenColumns(sets: readonly TableSet[], q: FinalTableQuery): { columns: TableColumn[]; unknown: string[] } {
  const there = new Set(sets.map((s) => s.name));
  const asked = q.columns ?? (q.sets ?? sets.map((s) => s.name)).flatMap((set) => [...new Set(q.ks ?? [1])].map((k) => ({ set, k })));
  const once = [...new Map(asked.map((c) => [`${c.k} ${c.set}`, c])).values()];
  return {
    columns: once.filter((c) => there.has(c.set)).slice(0, MOST_COLUMNS),
    unknown: [...new Set(once.filter((c) => !there.has(c.set)).map((c) => c.set))],
  };
}

/**
 * The averages of several benchmarks: one where each has a single k (as the paper's), one for each k where all have the same
 * ones. Anything else has none: a benchmark that stands there twice would weigh twice.
 */
export function averagesOf(columns: readonly TableColumn[]): TableAverage[] {
  const bySet = new Map<string, number[]>();
  for (const { set, k } of columns) bySet.set(set, [...(bySet.get(set) ?? []), k]);
  if (bySet.size < 2) return [];
  const ks = [...bySet.values()].map((list) => [...list].sort((a, b) => a - b));
  if (ks.every((list) => list.length === 1)) {
    const same = ks.every(([k]) => k === ks[0]?.[0]);
    return [{ label: same ? `Average pass@${ks[0]?.[0]}` : "Average", columns: columns.map((_, i) => i) }];
  }
  if (!ks.every((list) => list.join() === ks[0]?.join())) return [];
  return (ks[0] ?? []).map((k) => ({ label: `Average pass@${k}`, columns: columns.flatMap((c, i) => (c.k === k ? [i] : [])) }));
}
