import { parseEnv } from "@/server/env";
import { InterveneError } from "@/server/errors";
import { saveUpload } from "@/server/usecases/importing/uploads";

export const dynamic = "force-dynamic";

const STATUS: Partial<Record<InterveneError["kind"], number>> = { bad_input: 400, cannot_start: 507 };

/**
 * Take a file in, as it streams: POST ?name=FILE with the bytes as the body, of type application/octet-stream (which no page
 * of another origin can send without being asked first). Answers {id, name, bytes}.
 */
export async function POST(request: Request): Promise<Response> {
  const name = new URL(request.url).searchParams.get("name") ?? "";
  if (request.headers.get("content-type") !== "application/octet-stream" || request.body === null || name === "") {
    return Response.json({ message: "Send the file's bytes as application/octet-stream, with its name as ?name=." }, { status: 400 });
  }
  const length = Number(request.headers.get("content-length") ?? Number.NaN);
  try {
    const upload = await saveUpload(parseEnv().home, name, request.body, Number.isInteger(length) ? length : undefined);
    return Response.json(upload, { status: 201 });
  } catch (error) {
    if (!(error instanceof InterveneError)) throw error;
    return Response.json({ message: error.message }, { status: STATUS[error.kind] ?? 500 });
  }
}
