import { Readable } from "node:stream";
import { processDeps } from "@/server/api/context";
import { parseEnv } from "@/server/env";
import { downloadExport } from "@/server/usecases/exports/download";

export const dynamic = "force-dynamic";

/** A file of an export, or `all.zip` or `all.tar`: every file of it. */
export async function GET(_: Request, { params }: { params: Promise<{ run: string; file: string }> }): Promise<Response> {
  const { run, file } = await params;
  const found = await downloadExport(processDeps().deps.pool, parseEnv().home, run, decodeURIComponent(file));
  if (found === null) return new Response("There is no such file: the export was removed, or never written.", { status: 404 });
  return new Response(Readable.toWeb(found.stream) as ReadableStream<Uint8Array>, {
    headers: {
      "content-type": found.type,
      "content-length": String(found.size),
      "content-disposition": `attachment; filename="${found.name}"`,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
  });
}
