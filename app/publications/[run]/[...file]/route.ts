import { Readable } from "node:stream";
import { processDeps } from "@/server/api/context";
import { parseEnv } from "@/server/env";
import { isArchive } from "@/server/usecases/exports/archive";
import { downloadPublication, readPublicationFile } from "@/server/usecases/publishing/download";

export const dynamic = "force-dynamic";

/** A publication's file, so that it can be looked at before it goes anywhere, or `all.zip` or `all.tar`: the whole folder. */
export async function GET(_: Request, { params }: { params: Promise<{ run: string; file: string[] }> }): Promise<Response> {
  const { run, file } = await params;
  const { pool } = processDeps().deps;
  const { home } = parseEnv();
  const archive = file.length === 1 && isArchive(file[0] ?? "") ? file[0] : undefined;
  const found = archive ? await downloadPublication(pool, home, run, archive) : await readPublicationFile(pool, home, run, file);
  if (found === null) return new Response("There is no such file: the publication was removed, or never written.", { status: 404 });
  return new Response(Readable.toWeb(found.stream) as ReadableStream<Uint8Array>, {
    headers: {
      "content-type": found.type,
      "content-length": String(found.size),
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      ...(archive ? { "content-disposition": `attachment; filename="${found.name}"` } : {}),
    },
  });
}
