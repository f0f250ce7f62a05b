import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { z } from "zod";
import { parseEnv } from "@/server/env";
import { reportOf } from "@/server/usecases/pages/imports";

export const dynamic = "force-dynamic";

/** The report of an import (?run=…): JSON lines with every row that could not be used, and why. */
export async function GET(request: Request): Promise<Response> {
  const run = z.uuid().safeParse(new URL(request.url).searchParams.get("run"));
  const missing = new Response("There is no report of this import: every row was used.", { status: 404 });
  if (!run.success) return missing;
  const { file, name } = reportOf(parseEnv().home, run.data);
  const size = await stat(file).then((s) => s.size, () => null);
  if (size === null) return missing;
  return new Response(Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>, {
    headers: {
      "content-type": "application/x-ndjson; charset=utf-8",
      "content-length": String(size),
      "content-disposition": `attachment; filename="${name}"`,
      "cache-control": "no-store",
    },
  });
}
