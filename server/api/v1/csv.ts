/** Tables as CSV (RFC 4180). */

/** Whether a request wants CSV: by ?format=, else by its Accept header. */
export function wantsCsv(request: Request, format: string | undefined): boolean {
  if (format !== undefined) return format === "csv";
  const accept = request.headers.get("accept") ?? "";
  return accept.includes("text/csv") && !accept.includes("application/json");
}

/** An answer of rows; the columns are those of the first row's fields. */
export function csvAnswer(columns: readonly string[], rows: readonly Record<string, unknown>[]): Response {
  const line = (cells: readonly unknown[]) => `${cells.map(cell).join(",")}\r\n`;
  const text = line(columns) + rows.map((row) => line(columns.map((c) => row[c]))).join("");
  return new Response(text, { headers: { "content-type": "text/csv; charset=utf-8; header=present", "cache-control": "no-store" } });
}

/** One cell. Numbers as they are; a gap is empty. Text that a spreadsheet would run as a formula is led by an apostrophe. */
function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
