/**
 * Data as classic scripts: a page opened from file:// can fetch nothing and load no modules, but it can load scripts.
 * Each file is one call that hands JSON to the reader.
 */

/** The global that takes what the scripts hand over (app/reader/data.ts). */
export const GLOBAL = "intervene";

/** The script of one piece of data. Nothing in it can end the script, open a comment of HTML, or break a line of JavaScript. */
export function scriptOf(key: string, value: unknown): string {
  return `${GLOBAL}(${literal(key)},${literal(value)});\n`;
}

const ESCAPES: Record<string, string> = { "<": "\\u003c", "\u2028": "\\u2028", "\u2029": "\\u2029" };

function literal(value: unknown): string {
  return JSON.stringify(value).replace(/[<\u2028\u2029]/g, (sign) => ESCAPES[sign] ?? sign);
}

/** Where a piece of data lies, from the page. */
export const fileOf = (key: string): string => `data/${key}.js`;
