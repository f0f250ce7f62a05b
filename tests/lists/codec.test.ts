import { describe, expect, it } from "vitest";
import { type Column, fixedOptions } from "@/server/core/lists/column";
import { cursorText, parseCursor } from "@/server/core/lists/cursor";
import { type Filter, filterText, parseFilter } from "@/server/core/lists/filter";
import { checkedQuery, type ListQuery, parseQuery, RESERVED, searchOfQuery, shownColumns } from "@/server/core/lists/query";
import { LIST_NAMES, type ListName, specOf } from "@/server/core/lists/tables";
import { randomStream } from "@/server/core/seeds";

const random = randomStream(20261123);
const below = (n: number) => Math.floor(random() * n);
const pick = <T>(all: readonly T[]): T => all[below(all.length)] as T;
const some = <T>(all: readonly T[]): T[] => all.filter(() => random() < 0.5);

/** Words that look like the address's own marks. */
const NASTY = ["a", "any", "none", "!x", "a,b", "100%", "%2C", "=", "~", "..", "..<", "ä ö 漢字 🙂", "a&b=c#d?e", "'; DROP TABLE attempt; --", "\\", " blank ", "<b>", "-tokens"];
const uuidOf = () => "00000000-0000-7000-8000-000000000000".replace(/0/g, () => below(16).toString(16)).replace(/^(.{14})./, "$17");

function filterOf(column: Column): Filter {
  const nullable = column.nullable === true;
  if (nullable && random() < 0.15) return { is: "any" };
  switch (column.type) {
    case "number":
    case "date": {
      if (nullable && random() < 0.15) return { is: "in", values: [null] };
      const value = () => (column.type === "number" ? pick([0, 1, -3, 0.25, 1e-3, 12_345, below(1000) / 7]) : pick(["2026-11-23", "2026-11-23T07:00Z", "2026-01-02T03:04:05.678Z"]));
      const [min, max] = [random() < 0.3 ? null : value(), random() < 0.3 ? null : value()];
      if (min === null && max === null) return { is: "range", min: value(), max: null };
      return { is: "range", min, max, ...(max !== null && random() < 0.4 ? { below: true } : {}) };
    }
    case "text":
      if (nullable && random() < 0.15) return { is: "in", values: [null] };
      return random() < 0.5 ? { is: "has", text: pick(NASTY) } : { is: "in", values: [pick(NASTY)] };
    default: {
      const words: readonly string[] = column.type === "id" ? [uuidOf(), uuidOf(), uuidOf()] : (fixedOptions(column)?.map(([v]) => v) ?? NASTY);
      const values: (string | null)[] = some([...words, ...(nullable ? [null] : [])]);
      return { is: pick(["in", "not"] as const), values: values.length > 0 ? values : [pick(words)] };
    }
  }
}

function queryOf(list: ListName): ListQuery {
  const columns = Object.entries(specOf(list).columns);
  const sorts = columns.filter(([, c]) => c.sort === true).map(([id]) => id);
  const sort = [...new Set([pick(sorts), pick(sorts), pick(sorts)])].slice(0, 1 + below(3)).map((id) => ({ id, desc: random() < 0.5 }));
  const filters = Object.fromEntries(columns.filter(([, c]) => c.filter === true && random() < 0.4).map(([id, c]) => [id, filterOf(c)]));
  const shown = random() < 0.5 ? null : shownColumns(list, { columns: some(columns.map(([id]) => id)) });
  const usual = shownColumns(list, { columns: null });
  return { filters, sort, columns: shown !== null && shown.join() === usual.join() ? null : shown };
}

describe("a question and its address", () => {
  it.each(LIST_NAMES)("say the same, whatever is asked of %s", (list) => {
    for (let i = 0; i < 500; i++) {
      const query = queryOf(list);
      const search = searchOfQuery(list, query);
      // As it comes back out of a browser's address bar.
      const back = parseQuery(list, new URLSearchParams(new URL(`http://x/?${search.toString()}`).search));
      expect(back, search.toString()).toEqual(query);
      expect(checkedQuery(list, query)).toEqual(query);
      expect(searchOfQuery(list, back).toString()).toBe(search.toString());
    }
  });

  it("leaves out what makes no sense, and keeps the rest", () => {
    const search = new URLSearchParams(
      "reward=wrong&steps=many&tokens=5..&model=&sort=tokens,text,-steps,tokens&columns=steps,nothing&run=1&nothing=1&__proto__=1&constructor=x&label=1..&error=none&sample=none",
    );
    expect(parseQuery("attempts", search)).toEqual({
      filters: {
        reward: { is: "in", values: ["wrong"] },
        tokens: { is: "range", min: 5, max: null },
        label: { is: "range", min: 1, max: null },
        error: { is: "in", values: [null] },
      },
      sort: [
        { id: "tokens", desc: false },
        { id: "steps", desc: true },
      ],
      columns: ["problem", "steps"],
    });
    expect(parseQuery("attempts", new URLSearchParams("sort=toString&dir=sideways"))).toEqual(parseQuery("attempts", new URLSearchParams()));
  });

  it("knows the words of earlier addresses", () => {
    const problem = uuidOf();
    const query = parseQuery("attempts", new URLSearchParams(`reward=ungraded&proposal=chosen&problem=${problem}&sort=error&dir=desc`));
    expect(query).toMatchObject({
      filters: { reward: { is: "in", values: [null] }, proposal: { is: "any" }, problem: { is: "in", values: [problem] } },
      sort: [{ id: "error", desc: true }],
    });
    expect(searchOfQuery("attempts", query).toString()).toBe(`problem=${problem}&reward=ungraded&error=`.replace("&error=", "&proposal=chosen&sort=error&dir=desc"));
  });

  it("has no column that is called like a word of the address", () => {
    for (const list of LIST_NAMES) for (const word of RESERVED) expect(Object.keys(specOf(list).columns)).not.toContain(word);
  });
});

describe("filters as they are written by hand", () => {
  const column = (list: ListName, id: string): Column => {
    const found = specOf(list).columns[id];
    if (found === undefined) throw new Error(id);
    return found;
  };
  it.each<[ListName, string, string, Filter | null]>([
    ["attempts", "steps", "5", { is: "range", min: 5, max: 5 }],
    ["attempts", "steps", "5..9", { is: "range", min: 5, max: 9 }],
    ["attempts", "passRate", "0.1..<0.2", { is: "range", min: 0.1, max: 0.2, below: true }],
    ["attempts", "steps", "..", null],
    ["attempts", "steps", "5..<", null],
    ["attempts", "steps", "1e999", null],
    ["attempts", "steps", "any", null],
    ["runs", "added", "2026-13-40", null],
    ["runs", "added", "2026-11-23..", { is: "range", min: "2026-11-23", max: null }],
    ["proposals", "kept", "no,none", { is: "in", values: ["no", null] }],
    ["proposals", "kept", "maybe", null],
    ["proposals", "author", "!person", { is: "not", values: ["person"] }],
    ["models", "name", "==x", { is: "in", values: ["=x"] }],
    ["problems", "answer", "a\0b", null],
  ])("%s %s=%s", (list, id, text, filter) => {
    expect(parseFilter(column(list, id), text)).toEqual(filter);
    if (filter !== null) expect(parseFilter(column(list, id), filterText(column(list, id), filter))).toEqual(filter);
  });
});

it("a cursor comes back as it was, under its own order alone", () => {
  const sort = [{ id: "name", desc: true }];
  for (const keys of [["ä 漢字 🙂", null], [null], ["1"], NASTY]) {
    const cursor = { keys, id: uuidOf() };
    const text = cursorText(sort, cursor);
    expect(text).toMatch(/^[\w-]+$/);
    expect(parseCursor(sort, text)).toEqual(cursor);
    expect(parseCursor([{ id: "name", desc: false }], text)).toBeNull();
  }
});
