/** Where a page of a list begins: the sort's values in its last row, and that row's id. */
import { z } from "zod";
import type { Sort } from "./query";

export interface Cursor {
  /** Values as PostgreSQL writes them; null where the row has none. A sort may have several. */
  keys: (string | null)[];
  id: string;
}

const cursorSchema = z.tuple([z.string(), z.array(z.string().nullable()), z.uuid()]);

const sortText = (sort: readonly Sort[]): string => sort.map((s) => (s.desc ? `-${s.id}` : s.id)).join(",");

/** A cursor as one word of an address. It knows its sort: under another one it says nothing. */
export function cursorText(sort: readonly Sort[], cursor: Cursor): string {
  const bytes = new TextEncoder().encode(JSON.stringify([sortText(sort), cursor.keys, cursor.id]));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** A cursor of this very sort, or null: an old link then shows the first page. */
export function parseCursor(sort: readonly Sort[], text: string | null | undefined): Cursor | null {
  if (text === null || text === undefined || text.length > 4000) return null;
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    const read = cursorSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
    if (!read.success) return null;
    const [of, keys, id] = read.data;
    return of === sortText(sort) && !keys.some((k) => k?.includes("\0")) ? { keys, id } : null;
  } catch {
    return null;
  }
}
