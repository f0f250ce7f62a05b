import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { detectFormat, FORMATS, mapRow, notKept } from "@/server/core/importing/formats";
import { type Fields, RowError } from "@/server/core/importing/record";
import { fieldsOf } from "@/server/usecases/importing/choose";
import { openRows } from "@/server/usecases/importing/open";

/**
 * One fixture for each format, rows that we wrote in the shape in which the data set or the tool writes them, beside what they
 * become. A new pair: put the rows there, run with UPDATE_FIXTURES=1, and read what has come out.
 */
const folder = path.join(import.meta.dirname, "fixtures");
const rowsOf = async (file: string): Promise<Fields[]> => {
  const rows: Fields[] = [];
  for await (const row of (await openRows(file)).rows()) rows.push(...fieldsOf([row]));
  return rows;
};

const files = readdirSync(folder).filter((f) => !f.endsWith(".expected.json"));
const idOf = (file: string) => path.parse(file).name;

test("every format has its fixture", () => {
  expect(files.map(idOf).sort()).toEqual(FORMATS.map((f) => f.id).sort());
});

describe.each(files)("%s", (file) => {
  test("is recognised, and its rows become what they should", async () => {
    const rows = await rowsOf(path.join(folder, file));
    const format = detectFormat(rows);
    expect(format?.id).toBe(idOf(file));
    if (!format) return;
    const became = {
      rows: rows.map((row) => {
        try {
          return mapRow(format, row, format.holds);
        } catch (error) {
          if (!(error instanceof RowError)) throw error;
          return { refused: `${error.field}: ${error.reason}` };
        }
      }),
      notKept: notKept(format, rows),
      takes: rows[0] ? format.takes(rows[0]) : {},
    };
    const expected = path.join(folder, `${idOf(file)}.expected.json`);
    if (process.env.UPDATE_FIXTURES === "1" || !existsSync(expected)) {
      writeFileSync(expected, `${JSON.stringify(became, null, 2)}\n`);
    }
    expect(JSON.parse(JSON.stringify(became))).toEqual(JSON.parse(readFileSync(expected, "utf8")));
  });

  test("no row is taken for another format", async () => {
    for (const row of await rowsOf(path.join(folder, file))) expect(detectFormat([row])?.id).toBe(idOf(file));
  });
});
