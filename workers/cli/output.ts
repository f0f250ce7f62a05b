import { once } from "node:events";

/** Write to standard output, waiting while its reader is slow. */
export async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, "drain");
}

export const printLine = (text = "") => print(`${text}\n`);

/** The one document of `--json`. */
export const printJson = (value: unknown) => print(`${JSON.stringify(value, null, 2)}\n`);

/** A remark for people beside the result: standard error. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** 12345 → "12,345". */
export const count = (n: number) => n.toLocaleString("en-US");

/** "1 problem", "12,345 problems". */
export const counted = (n: number, one: string, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

/** Rows in columns; numbers (cells after the first that hold no letters) to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  }
  return rows
    .map((row) =>
      row
        .map((cell, i) => (/^[\d,.%/ –-]+$/.test(cell) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
