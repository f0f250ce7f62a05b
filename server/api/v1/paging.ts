/**
 * Lists: keyset pages with an opaque cursor, as JSON or (where a row alone says where it stands) as a stream of JSON
 * lines over all pages.
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { JSON_TYPE, LINES_TYPE } from "./body";
import { Refusal } from "./problem";
import { type Call, type Route, route } from "./route";

const MAX_LIMIT = 1000;

const paging = {
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(100).meta({ description: `rows of a page, at most ${MAX_LIMIT}` }),
  cursor: z.string().max(2000, "is longer than any cursor").optional().meta({ description: "`next` of the page before" }),
};

const lining = {
  cursors: z
    .enum(["true", "false"])
    .default("false")
    .meta({ description: "with JSON lines: give each row a `_cursor` from which the stream can be taken up again" }),
};

export interface PageOf<R> {
  rows: R[];
  /** Where the next page begins, as the list itself says it; null on the last one. */
  next: string | null;
}

interface Listing<P extends z.ZodObject, F extends z.ZodRawShape, R extends z.ZodType> {
  path: string;
  id: string;
  tag: string;
  summary: string;
  description?: string;
  params: P;
  filters: F;
  row: R;
  /** One page. `after` is the `next` of the page before, checked to belong to the same question. */
  page(
    call: Call<z.output<P>, z.output<z.ZodObject<F>>, undefined>,
    at: { after: string | null; limit: number },
  ): Promise<PageOf<z.input<R>>>;
  /** Where the list goes on after this row; makes the list a stream of JSON lines on request. */
  after?(row: z.input<R>): string;
}

/** A GET that lists. */
export function listRoute<P extends z.ZodObject, F extends z.ZodRawShape, R extends z.ZodType>(l: Listing<P, F, R>): Route {
  const { after: cursorAfter } = l;
  const query: z.ZodObject = z.object({ ...l.filters, ...paging, ...(cursorAfter ? lining : {}) });
  const streams = cursorAfter !== undefined;
  return route({
    method: "GET",
    path: l.path,
    id: l.id,
    tag: l.tag,
    summary: l.summary,
    ...(l.description === undefined ? {} : { description: l.description }),
    scope: "read",
    params: l.params,
    query,
    answer: z.object({
      rows: z.array(l.row),
      next: z.string().nullable().meta({ description: "hand it in as `cursor` for the next page; null on the last one" }),
    }),
    also: streams
      ? [{ media: LINES_TYPE, description: "every row from the cursor to the end, one JSON object per line (Accept: application/x-ndjson)" }]
      : [],
    async handle(call) {
      const asked = call.query as { limit: number; cursor?: string; cursors?: string } & z.output<z.ZodObject<F>>;
      const { limit, cursor } = asked;
      const about = questionOf(call.url);
      const typed = { ...call, query: asked };
      const from = cursor === undefined ? null : open(cursor, about);
      if (cursorAfter && wantsLines(call.request)) {
        const page = (after: string | null) => l.page(typed, { after, limit });
        const mark = asked.cursors === "true" ? (row: z.input<R>) => seal(cursorAfter(row), about) : null;
        return lines(page, from, mark, call.request.signal);
      }
      const page = await l.page(typed, { after: from, limit });
      const next = page.next === null ? null : seal(page.next, about);
      const headers: Record<string, string> = next === null ? {} : { link: linkNext(call.url, next) };
      return { value: { rows: page.rows, next }, headers };
    },
  });
}

/** JSON lines are asked for, and not JSON before them. */
function wantsLines(request: Request): boolean {
  const accept = request.headers.get("accept") ?? "";
  return accept.includes(LINES_TYPE) && !accept.includes(JSON_TYPE);
}

/** What a cursor belongs to: the list and its filters, not the page size. */
function questionOf(url: URL): string {
  const rest = [...url.searchParams].filter(([name]) => !["limit", "cursor", "cursors"].includes(name));
  return JSON.stringify([url.pathname, rest.sort()]);
}

const check = (inner: string, about: string) =>
  createHash("sha256").update(`${about}\n${inner}`).digest("base64url").slice(0, 8);

function seal(inner: string, about: string): string {
  return check(inner, about) + Buffer.from(inner).toString("base64url");
}

/** @throws Refusal for a cursor that was cut, made up, or given by another list or other filters. */
function open(cursor: string, about: string): string {
  const inner = Buffer.from(cursor.slice(8), "base64url").toString();
  if (check(inner, about) === cursor.slice(0, 8)) return inner;
  throw new Refusal("bad-request", "This cursor does not belong to this list with these filters: begin again without one.");
}

function linkNext(url: URL, cursor: string): string {
  const search = new URLSearchParams(url.searchParams);
  search.set("cursor", cursor);
  return `<${url.pathname}?${search}>; rel="next"`;
}

/** Rows page by page, as the reader takes them: memory holds one page. */
function lines<R>(
  page: (after: string | null) => Promise<PageOf<R>>,
  from: string | null,
  mark: ((row: R) => string) | null,
  signal: AbortSignal,
): Response {
  let after = from;
  let over = false;
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (over || signal.aborted) return controller.close();
      const { rows, next } = await page(after).catch((error: unknown) => {
        // The headers are gone already: the stream breaks off, which a client sees, and the log says why.
        console.error("API, in the middle of a stream:", error);
        throw error;
      });
      after = next;
      over = next === null;
      const text = rows
        .map((row) => `${JSON.stringify(mark === null ? row : { ...row, _cursor: mark(row) })}\n`)
        .join("");
      if (text !== "") controller.enqueue(encoder.encode(text));
      if (over) controller.close();
    },
  });
  return new Response(body, { headers: { "content-type": `${LINES_TYPE}; charset=utf-8`, "cache-control": "no-store" } });
}
