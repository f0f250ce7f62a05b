import { csvLine } from "../../core/csv";

/** Tables as CSV (RFC 4180). */

/** Whether a request wants CSV: by ?format=, else by its Accept header. */
export function wantsCsv(request: Request, format: string | undefined): boolean {
  if (format !== undefined) return format === "csv";
  const accept = request.headers.get("accept") ?? "";
  return accept.includes("text/csv") && !accept.includes("application/json");
}

/** An answer of rows; the columns are those of the first row's fields. */
export function csvAnswer(columns: readonly string[], rows: readonly Record<string, unknown>[]): Response {
  const text = csvLine(columns) + rows.map((row) => csvLine(columns.map((c) => row[c]))).join("");
  return new Response(text, { headers: { "content-type": "text/csv; charset=utf-8; header=present", "cache-control": "no-store" } });
}
