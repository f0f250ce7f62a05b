import { Readable } from "node:stream";
import { processDeps } from "@/server/api/context";
import { parseEnv } from "@/server/env";
import { downloadPublication, readPublicationFile } from "@/server/usecases/publishing/download";

export const dynamic = "force-dynamic";

/** Under this name all of a publication comes in one archive. */
const ARCHIVE = "all.tar";

/** A publication's file, so that it can be looked at before it goes anywhere, or `all.tar`: the whole folder. */
export async function GET(_: Request, { params }: { params: Promise<{ run: string; file: string[] }> }): Promise<Response> {
  const { run, file } = await params;
  const { pool } = processDeps().deps;
  const { home } = parseEnv();
  const isArchive = file.length === 1 && file[0] === ARCHIVE;
  const found = isArchive ? await downloadPublication(pool, home, run) : await readPublicationFile(pool, home, run, file);
  if (found === null) return new Response("There is no such file: the publication was removed, or never written.", { status: 404 });
  return new Response(Readable.toWeb(found.stream) as ReadableStream<Uint8Array>, {
    headers: {
      "content-type": found.type,
      "content-length": String(found.size),
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      ...(isArchive ? { "content-disposition": `attachment; filename="${found.name}"` } : {}),
    },
  });
}
