import type { SqlKey } from "./sql-list";

/** A key in the order that a page is read in. */
export interface OrderKey extends SqlKey {
  desc: boolean;
}

/** Where a page begins: the values of the row before it, null where it has none, and that row's id. */
export interface Place {
  keys: readonly (string | null)[];
  id: string;
}

/** Rows without a value come last; read backwards (`before`), they come first. */
export type Direction = "after" | "before";

/** ORDER BY over expressions or names, by the keys and the id. */
export function orderBy(keys: readonly OrderKey[], names: readonly string[], id: string, direction: Direction): string {
  const back = direction === "before";
  const parts = keys.map((k, i) => {
    const nulls = k.nullable ? ` NULLS ${back ? "FIRST" : "LAST"}` : "";
    return `${names[i]} ${k.desc === back ? "ASC" : "DESC"}${nulls}`;
  });
  return [...parts, `${id} ${idDescends(keys) === back ? "ASC" : "DESC"}`].join(", ");
}

/** Ties go by id, in the direction of the first key: then one index serves both directions. */
const idDescends = (keys: readonly OrderKey[]): boolean => keys[0]?.desc === true;

/**
 * The part of a list in which the first key has a value, and that in which it has none: each can be read from an index, and the
 * second is only read where the first does not fill the page. Conditions of each, in the order in which they follow each other.
 */
export function phases(
  keys: readonly OrderKey[],
  id: string,
  place: Place | null,
  direction: Direction,
  add: (value: unknown) => string,
): { order: string; where: string[] }[] {
  const [first, ...rest] = keys;
  const idKey: OrderKey = { sql: id, type: "uuid", nullable: false, desc: idDescends(keys) };
  const names = (of: readonly OrderKey[]) => of.map((k) => k.sql);
  if (first === undefined || !first.nullable) {
    const after = place === null ? [] : beyond([...keys, idKey], [...place.keys, place.id], direction, add);
    return [{ order: orderBy(keys, names(keys), id, direction), where: after }];
  }
  const full = { ...first, nullable: false };
  const placed = { some: place !== null && place.keys[0] !== null, none: place !== null && place.keys[0] === null };
  const some = {
    order: orderBy([full, ...rest], names(keys), id, direction),
    where: [
      `${first.sql} IS NOT NULL`,
      ...(placed.some && place !== null ? beyond([full, ...rest, idKey], [...place.keys, place.id], direction, add) : []),
    ],
  };
  // The first key still says which way ids go.
  const noneOrder = [...rest.map((k) => orderPart(k, direction)), orderPart(idKey, direction)].join(", ");
  const none = {
    order: noneOrder,
    where: [
      `${first.sql} IS NULL`,
      ...(placed.none && place !== null ? beyond([...rest, idKey], [...place.keys.slice(1), place.id], direction, add) : []),
    ],
  };
  if (direction === "after") return placed.none ? [none] : [some, none];
  return placed.some ? [some] : [none, some];
}

function orderPart(k: OrderKey, direction: Direction): string {
  const back = direction === "before";
  return `${k.sql} ${k.desc === back ? "ASC" : "DESC"}${k.nullable ? ` NULLS ${back ? "FIRST" : "LAST"}` : ""}`;
}

/** Conditions of rows beyond a place, in the direction that is read. */
function beyond(
  keys: readonly OrderKey[],
  values: readonly (string | null)[],
  direction: Direction,
  add: (value: unknown) => string,
): string[] {
  const marks = keys.map((k, i) => (values[i] === null || values[i] === undefined ? null : `${add(values[i])}::${k.type}`));
  const sign = (k: OrderKey) => ((direction === "before") === k.desc ? ">" : "<");
  const first = keys[0];
  // Said apart, so that an index on the first key begins at the place, whichever table the others are of.
  const lead = first && !first.nullable && marks[0] != null ? [`${first.sql} ${sign(first)}= ${marks[0]}`] : [];
  if (keys.every((k) => !k.nullable && sign(k) === (first && sign(first))))
    return [...lead, `(${keys.map((k) => k.sql).join(", ")}) ${first ? sign(first) : ">"} (${marks.join(", ")})`];
  const further = (k: OrderKey, mark: string | null): string => {
    if (mark === null) return direction === "before" ? `${k.sql} IS NOT NULL` : "false";
    const more = `${k.sql} ${sign(k)} ${mark}`;
    return k.nullable && direction === "after" ? `(${more} OR ${k.sql} IS NULL)` : more;
  };
  const same = (k: OrderKey, mark: string | null) => (mark === null ? `${k.sql} IS NULL` : `${k.sql} = ${mark}`);
  const ways = keys.map((k, i) =>
    [...keys.slice(0, i).map((e, j) => same(e, marks[j] ?? null)), further(k, marks[i] ?? null)].join(" AND "),
  );
  return [...lead, `(${ways.map((w) => `(${w})`).join(" OR ")})`];
}

/** Whether a value of a cursor, which came from an address, can be read as its type at all. */
export function readable(type: SqlKey["type"], value: string): boolean {
  switch (type) {
    case "int4":
      return /^-?\d{1,10}$/.test(value) && Math.abs(Number(value)) <= 2_147_483_647;
    case "int8":
      return /^-?\d{1,18}$/.test(value);
    case "float8":
      return /^-?(\d+(\.\d+)?(e[+-]?\d{1,3})?|Infinity)$/i.test(value) || value === "NaN";
    case "timestamptz":
      return /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d+)?[+-]\d{2}(:\d{2})?$/.test(value);
    case "bool":
      return value === "true" || value === "false";
    case "uuid":
      return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
    case "text":
      return value.length <= 3000;
  }
}
