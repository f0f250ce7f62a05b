import type { ListCount, ListPage, ListRow } from "../../core/lists/cells";
import { cursorText, parseCursor } from "../../core/lists/cursor";
import type { ListQuery } from "../../core/lists/query";
import { columnOf, type ListName, specOf } from "../../core/lists/tables";
import { blindAttempts } from "../judging/blind";
import type { Sql } from "../views/sql";
import { condition } from "./condition";
import { type Direction, type OrderKey, orderBy, phases, type Place, readable } from "./keyset";
import { sqlColumn, sqlOf } from "./registry";
import type { FilterContext, SqlList } from "./sql-list";

/** A question to a list of one study. */
export interface ListQuestion {
  list: ListName;
  studyId: string;
  query: ListQuery;
  /** Leave out what this person is still to judge blind: that it is found (or not) would tell. */
  judge: string | null;
  /** Only these of the rows; all that the question finds when absent. */
  chosen?: Chosen;
}

/** Rows that somebody has chosen: those named, or all that the question finds; but for some. */
export interface Chosen {
  ids: readonly string[] | null;
  except: readonly string[];
}

/** A statement in the making: values are only ever parameters; $1 is the study's id. */
class Statement {
  readonly values: unknown[];
  readonly context: FilterContext;
  readonly sql: SqlList<string, string>;

  constructor(readonly question: ListQuestion) {
    this.values = [question.studyId];
    this.context = { add: (value) => `$${this.values.push(value)}`, study: "$1" };
    this.sql = sqlOf(question.list);
  }

  get id(): string {
    return `${this.sql.alias}.id`;
  }

  /** Keys of the order, without the id. */
  keys(): OrderKey[] {
    return this.question.query.sort.flatMap(({ id, desc }) => {
      if (columnOf(this.question.list, id)?.sort !== true) return [];
      return (sqlColumn(this.sql, id).keys ?? []).map((k) => ({ ...k, desc }));
    });
  }

  /** Whether each run's rows lie in the order that is asked for. */
  runByRun(): boolean {
    const { sort } = this.question.query;
    return this.sql.runs !== null && sort.length === 1 && sort[0] !== undefined && sqlColumn(this.sql, sort[0].id).ordered === true;
  }

  /** Conditions of the filters, and the joins that they rest on. `base`: the rows of the study. */
  where(base: boolean): { where: string[]; joins: Set<string> } {
    const { chosen } = this.question;
    // Rows that are named were found by some question, not all of them by this one.
    const filters = chosen !== undefined && chosen.ids !== null ? runFilterOf(this.question) : this.question.query.filters;
    const joins = new Set<string>();
    const where = base ? [this.sql.base(filters, this.context)] : [];
    if (this.question.judge !== null && this.sql.attempt !== null)
      where.push(`${this.sql.attempt} NOT IN (${blindAttempts(`${this.context.add(this.question.judge)}::uuid`)})`);
    if (chosen !== undefined && chosen.ids !== null) where.push(`${this.id} = ANY(${this.context.add(chosen.ids)}::uuid[])`);
    if (chosen !== undefined && chosen.except.length > 0) where.push(`${this.id} <> ALL(${this.context.add(chosen.except)}::uuid[])`);
    for (const [id, filter] of Object.entries(filters)) {
      if (columnOf(this.question.list, id)?.filter !== true) continue;
      const column = sqlColumn(this.sql, id);
      if (column.filterAlone !== true) for (const join of column.needs ?? []) joins.add(join);
      const [first] = column.keys ?? [];
      if (column.filter !== undefined) where.push(column.filter(filter, this.context));
      else if (first !== undefined) where.push(condition(first, filter, this.context.add));
    }
    return { where, joins };
  }

  from(joins: ReadonlySet<string>, first = this.sql.from): string {
    const known = Object.entries(this.sql.joins);
    return `FROM ${first} ${known.filter(([name]) => joins.has(name)).map(([, text]) => text).join(" ")}`;
  }

  sortJoins(): string[] {
    return this.question.query.sort.flatMap(({ id }) => [...(sqlColumn(this.sql, id).needs ?? [])]);
  }

  /** Ids of a page's rows with the keys k0, k1, …, at most `limit`, in no promised order. */
  ids(place: Place | null, direction: Direction, limit: number): string {
    const keys = this.keys();
    const runByRun = this.runByRun();
    const { where, joins } = this.where(!runByRun);
    for (const join of this.sortJoins()) joins.add(join);
    const select = `SELECT ${[`${this.id} AS id`, ...keys.map((k, i) => `${k.sql} AS k${i}`)].join(", ")}`;
    const names = keys.map((_, i) => `k${i}`);
    const from = this.from(joins);
    const parts = phases(keys, this.id, place, direction, this.context.add).map((phase) => {
      const all = [...where, ...phase.where];
      if (!runByRun || this.sql.runs === null) return `(${select} ${from} WHERE ${all.join(" AND ") || "true"} ORDER BY ${phase.order} LIMIT ${limit})`;
      const own = `${select} ${from} WHERE ${[`${this.sql.runColumn} = run.id`, ...all].join(" AND ")} ORDER BY ${phase.order} LIMIT ${limit}`;
      return `(SELECT x.* FROM (${this.sql.runs(this.question.query.filters, this.context)}) run CROSS JOIN LATERAL (${own}) x
        ORDER BY ${orderBy(keys, names.map((n) => `x.${n}`), "x.id", direction)} LIMIT ${limit})`;
    });
    return parts.length === 1 ? (parts[0] ?? "") : `(SELECT * FROM (${parts.join(" UNION ALL ")}) both_parts LIMIT ${limit})`;
  }

  /** A page's rows with the cells of `columns`, in order. */
  page(place: Place | null, direction: Direction, limit: number, columns: readonly string[]): string {
    const keys = this.keys();
    const ids = this.ids(place, direction, limit);
    const joins = new Set<string>(this.sql.refNeeds);
    const cells = columns.map((id, i) => {
      const column = sqlColumn(this.sql, id);
      for (const join of column.cellNeeds ?? []) joins.add(join);
      return `${column.cell ?? "NULL"} AS c${i}`;
    });
    const names = keys.map((_, i) => `page.k${i}`);
    return `WITH page AS MATERIALIZED ${ids}
      SELECT page.id, ARRAY[${names.map((n) => `${n}::text`).join(", ")}]::text[] AS keys, ${[`${this.sql.ref} AS ref`, ...cells].join(", ")}
      ${this.from(joins, `page JOIN ${this.sql.from} ON ${this.id} = page.id`)}
      ORDER BY ${orderBy(keys, names, "page.id", direction)}`;
  }
}

/** Where an address's cursor stands, or null for one of another sort or of nonsense. */
function placeOf(question: ListQuestion, cursor: string | null | undefined): Place | null {
  const place = parseCursor(question.query.sort, cursor);
  const keys = new Statement(question).keys();
  return place !== null && place.keys.length === keys.length && keys.every((k, i) => fits(k, place.keys[i] ?? null)) ? place : null;
}

const fits = (key: OrderKey, value: string | null): boolean => (value === null ? key.nullable : readable(key.type, value));

/** Where a page stands: after one cursor, or before another; neither: at the beginning. */
export interface PageAt {
  after?: string | null | undefined;
  before?: string | null | undefined;
}

/** The statement of a page, and from which side it reads. One row more than `limit` says whether there is another page. */
export function pageText(
  question: ListQuestion,
  at: PageAt,
  limit: number,
  columns: readonly string[],
): { text: string; values: unknown[]; direction: Direction; begins: boolean } {
  const before = at.after === undefined || at.after === null ? placeOf(question, at.before) : null;
  const after = before === null ? placeOf(question, at.after) : null;
  const direction: Direction = before === null ? "after" : "before";
  const statement = new Statement(question);
  const text = statement.page(before ?? after, direction, limit + 1, columns);
  return { text, values: statement.values, direction, begins: before === null && after === null };
}

/**
 * One page of a list (keyset: the cost of page 500 is that of page 1; no row is met twice, none is left out).
 *
 * @param columns ids of the cells that are wanted; unknown ones are refused by a throw, so check them before.
 */
export async function listPage(
  sql: Sql,
  question: ListQuestion,
  at: PageAt,
  limit: number,
  columns: readonly string[],
): Promise<ListPage> {
  const { text, values, direction, begins } = pageText(question, at, limit, columns);
  const { rows } = await sql.query<{ id: string; keys: (string | null)[]; ref: ListRow["ref"] } & Record<string, unknown>>(text, values);
  const more = rows.length > limit;
  const shown = rows.slice(0, limit);
  if (direction === "before") shown.reverse();
  const cursor = (row: (typeof rows)[number] | undefined) =>
    row === undefined ? null : cursorText(question.query.sort, { keys: row.keys, id: row.id });
  return {
    rows: shown.map((row) => ({
      id: row.id,
      ref: row.ref,
      cells: Object.fromEntries(columns.map((id, i) => [id, (row[`c${i}`] ?? null) as ListRow["cells"][string]])),
    })),
    next: direction === "before" || more ? cursor(shown.at(-1)) : null,
    previous: direction === "before" ? (more ? cursor(shown[0]) : null) : begins ? null : cursor(shown[0]),
  };
}

/** How many rows a question finds: counted up to `cap`, estimated beyond it unless `exact` is asked for. */
export async function countList(sql: Sql, question: ListQuestion, cap: number | null): Promise<ListCount> {
  const statement = new Statement(question);
  const { where, joins } = statement.where(true);
  const text = `SELECT 1 ${statement.from(joins)} WHERE ${where.join(" AND ")}`;
  const counted = await sql.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM (${text}${cap === null ? "" : ` LIMIT ${cap + 1}`}) x`,
    statement.values,
  );
  const n = counted.rows[0]?.n ?? 0;
  if (cap === null || n <= cap) return { count: n, exact: true };
  const plan = await sql.query<{ "QUERY PLAN": [{ Plan: { "Plan Rows": number } }] }>(`EXPLAIN (FORMAT JSON) ${text}`, statement.values);
  return { count: Math.max(n, plan.rows[0]?.["QUERY PLAN"][0].Plan["Plan Rows"] ?? n), exact: false };
}

/** The ids of a question's rows, in no order, as a subquery of `id` with its values. */
export function idsOf(question: ListQuestion): { text: string; values: unknown[] } {
  const statement = new Statement(question);
  const { where, joins } = statement.where(true);
  return { text: `SELECT ${statement.id} AS id ${statement.from(joins)} WHERE ${where.join(" AND ")}`, values: statement.values };
}

/** Of a question's filters the one that says which runs' rows there are at all. */
function runFilterOf(question: ListQuestion): ListQuery["filters"] {
  const { run } = question.query.filters;
  return run === undefined || specOf(question.list).columns.run === undefined ? {} : { run };
}

/** The rows before and after one in a question's order; nulls at the ends, or when it is not among them. */
export async function listNeighbours(sql: Sql, question: ListQuestion, id: string): Promise<{ previous: string | null; next: string | null }> {
  const statement = new Statement(question);
  const keys = statement.keys();
  const { where, joins } = statement.where(true);
  for (const join of statement.sortJoins()) joins.add(join);
  const here = statement.context.add(id);
  const { rows } = await sql.query<{ keys: (string | null)[] }>(
    `SELECT ARRAY[${keys.map((k) => `(${k.sql})::text`).join(", ")}]::text[] AS keys ${statement.from(joins)}
     WHERE ${[...where, `${statement.id} = ${here}::uuid`].join(" AND ")}`,
    statement.values,
  );
  const [found] = rows;
  if (found === undefined) return { previous: null, next: null };
  const side = async (direction: Direction) => {
    const own = new Statement(question);
    const text = own.page({ keys: found.keys, id }, direction, 1, []);
    return (await sql.query<{ id: string }>(text, own.values)).rows[0]?.id ?? null;
  };
  return { previous: await side("before"), next: await side("after") };
}
