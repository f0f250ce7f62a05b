import type { Filter } from "../../core/lists/filter";
import type { Add, FilterContext, SqlKey, SqlType } from "./sql-list";

/** A filter on an expression. `words`: what the address's values are in the database, where they differ. */
export function condition(
  { sql, type, nullable }: SqlKey,
  filter: Filter,
  add: Add,
  words?: Readonly<Record<string, string | number | boolean>>,
): string {
  switch (filter.is) {
    case "any":
      return `${sql} IS NOT NULL`;
    case "has":
      return `${sql} ILIKE ${add(`%${filter.text.replace(/[\\%_]/g, "\\$&")}%`)}`;
    case "in":
    case "not": {
      const values = filter.values.flatMap((v) => (v === null ? [] : [words?.[v] ?? (type === "bool" ? v === "yes" : v)]));
      const parts = [
        ...(values.length > 0 ? [`${sql} = ANY(${add(values)}::${type}[])`] : []),
        ...(filter.values.includes(null) ? [`${sql} IS NULL`] : []),
      ];
      const any = parts.length === 1 ? (parts[0] ?? "false") : `(${parts.join(" OR ")})`;
      if (filter.is === "in") return any;
      return nullable ? `(${any}) IS NOT TRUE` : `NOT (${any})`;
    }
    case "range": {
      const parts: string[] = [];
      if (filter.min !== null) parts.push(`${sql} >= ${bound(filter.min, type, add)}`);
      if (filter.max !== null) {
        // A day without a time goes on to its end.
        const whole = typeof filter.max === "string" && filter.max.length === 10 && filter.below !== true;
        const end = bound(filter.max, type, add);
        parts.push(whole ? `${sql} < ${end} + interval '1 day'` : `${sql} ${filter.below === true ? "<" : "<="} ${end}`);
      }
      return `(${parts.join(" AND ")})`;
    }
  }
}

/** Numbers are compared as such whatever the column holds: `steps=1.5..` is a fair question. */
function bound(value: number | string, type: SqlType, add: Add): string {
  if (typeof value === "number") return `${add(value)}::float8`;
  return `${add(value.length === 10 ? `${value}T00:00Z` : value)}::${type}`;
}

/**
 * A filter on what hangs on a row in another table: `rows` gives the id and a value that is never null. None: nothing
 * hangs on it. @param id the row's own id, or what `rows` names.
 */
export function hanging(
  id: string,
  rows: (where: string) => string,
  value: SqlKey,
  filter: Filter,
  { add }: FilterContext,
): string {
  const some = (where: string) => `${id} IN (${rows(where)})`;
  if (filter.is === "any") return some("true");
  if (filter.is !== "in" && filter.is !== "not") return some(condition(value, filter, add));
  const values = filter.values.filter((v) => v !== null);
  const parts = [
    ...(values.length > 0 ? [some(condition(value, { is: "in", values }, add))] : []),
    ...(filter.values.includes(null) ? [`NOT ${some("true")}`] : []),
  ];
  return `${filter.is === "not" ? "NOT " : ""}(${parts.join(" OR ")})`;
}

/** A filter by the names of rows that a column points at: they are looked up once. */
export function named(column: string, table: "model" | "problem_set", filter: Filter, { add, study }: FilterContext): string {
  if (filter.is === "any") return `${column} IS NOT NULL`;
  if (filter.is !== "in" && filter.is !== "not") return "false";
  const names = filter.values.filter((v) => v !== null);
  const parts = [
    ...(names.length > 0
      ? [`${column} = ANY(ARRAY(SELECT n.id FROM ${table} n WHERE n.study_id = ${study} AND n.name = ANY(${add(names)}::text[])))`]
      : []),
    ...(filter.values.includes(null) ? [`${column} IS NULL`] : []),
  ];
  return filter.is === "not" ? `(${parts.join(" OR ")}) IS NOT TRUE` : `(${parts.join(" OR ")})`;
}

/** A filter by ids of the column itself. */
export const byId = (column: string) => (filter: Filter, { add }: FilterContext) =>
  condition({ sql: column, type: "uuid", nullable: true }, filter, add);

/** The tags column of rows of a kind. */
export const tagsOf = (subject: string, id: string) => ({
  cell: `(SELECT coalesce(json_agg(t.name ORDER BY t.name), '[]'::json) FROM tagging g JOIN tag t ON t.id = g.tag_id WHERE g.subject_id = ${id})`,
  filterAlone: true,
  filter: (filter: Filter, context: FilterContext) =>
    hanging(
      id,
      (where) =>
        `SELECT g.subject_id FROM tagging g JOIN tag t ON t.id = g.tag_id WHERE t.study_id = ${context.study} AND g.subject = '${subject}' AND ${where}`,
      { sql: "t.name", type: "text", nullable: false },
      filter,
      context,
    ),
});

/** Attempts that the lists of a study begin with: of sampling and imports. Evaluations' samples are looked at by their run. */
export const samplingRuns = (study: string) =>
  `SELECT id FROM run WHERE study_id = ${study} AND stage IN ('rollout', 'import') AND NOT waits`;

const SHARE = "(sum(x.c)::float8 / nullif(sum(x.graded), 0))";

/** Right over graded attempts at a problem, among those of {@link samplingRuns}: a filter on the problem's id. */
export const passRateFilter = (problemId: string) => (filter: Filter, context: FilterContext) =>
  `${problemId} IN (SELECT x.problem_id FROM attempt_count x WHERE x.run_id = ANY(ARRAY(${samplingRuns(context.study)}))
     GROUP BY x.problem_id HAVING ${condition({ sql: SHARE, type: "float8", nullable: true }, filter, context.add)})`;

/** The same as a cell, of one problem. */
export const passRateCell = (problemId: string) =>
  `(SELECT ${SHARE} FROM attempt_count x WHERE x.problem_id = ${problemId} AND x.run_id = ANY(ARRAY(${samplingRuns("$1")})))`;
