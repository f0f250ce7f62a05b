import { Readable } from "node:stream";
import { z } from "zod";
import { createContext } from "@/server/api/context";
import { selectionSchema } from "@/server/core/lists/selection";
import { LIST_NAMES } from "@/server/core/lists/tables";
import { InterveneError } from "@/server/errors";
import { exportList } from "@/server/usecases/lists/export";

export const dynamic = "force-dynamic";

const form = z.object({ file: z.enum(["csv", "jsonl"]), selection: selectionSchema });

/** A selection of a list as a file, streamed. A form sends it, so that thousands of ids fit and the browser saves it itself. */
export async function POST(request: Request, { params }: { params: Promise<{ study: string; list: string }> }): Promise<Response> {
  const { study, list: name } = await params;
  const list = LIST_NAMES.find((l) => l === name);
  const sent = form.safeParse(await read(request));
  if (list === undefined || !sent.success) return new Response("There is no such list, or nothing of it was chosen.", { status: 400 });
  const ctx = createContext({ req: request, resHeaders: new Headers() });
  try {
    const person = await ctx.whoIs();
    const made = await exportList(ctx.deps, { study: decodeURIComponent(study), list, ...sent.data, personId: person?.id ?? null });
    return new Response(Readable.toWeb(Readable.from(made.pieces, { objectMode: false })) as ReadableStream<Uint8Array>, {
      headers: {
        "content-type": made.type,
        "content-disposition": `attachment; filename="${made.name}"`,
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
      },
    });
  } catch (error) {
    if (error instanceof InterveneError && error.kind === "not_found") return new Response(error.message, { status: 404 });
    throw error;
  }
}

async function read(request: Request): Promise<unknown> {
  try {
    const data = await request.formData();
    return { file: data.get("file"), selection: JSON.parse(String(data.get("selection"))) };
  } catch {
    return null;
  }
}
