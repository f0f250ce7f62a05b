import { z } from "zod";
import { DECISION_FORMATS } from "../core/judging/export";
import { InterveneError } from "../errors";
import { exportDecisions } from "../usecases/judging/export";
import { forPeople } from "../usecases/pages/away";
import { personOfToken } from "../usecases/people";
import { processDeps } from "./context";
import { tokenOf } from "./cookie";

const inputSchema = z.object({ queue: z.uuid(), format: z.enum(DECISION_FORMATS) });

/** A file that is written while it is sent: its cost in memory is one page of decisions. */
export async function decisionsDownload(request: Request, queue: string): Promise<Response> {
  const { deps } = processDeps();
  const input = inputSchema.safeParse({ queue, format: new URL(request.url).searchParams.get("format") ?? "csv" });
  if (!input.success) return words(400, `${z.prettifyError(input.error)}\n`);
  try {
    const person = await personOfToken(deps, tokenOf(request.headers.get("cookie")));
    const { name, pieces } = await exportDecisions(deps, { ...input.data, personId: person?.id ?? null });
    const encoder = new TextEncoder();
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const next = await pieces.next();
        if (next.done) controller.close();
        else controller.enqueue(encoder.encode(next.value));
      },
      cancel: () => void pieces.return(undefined),
    });
    const plain = name.replace(/[^\w.-]+/g, "_");
    return new Response(body, {
      headers: {
        "content-type": input.data.format === "csv" ? "text/csv; charset=utf-8" : "application/x-ndjson; charset=utf-8",
        "content-disposition": `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`,
        "cache-control": "no-store",
      },
    });
  } catch (error) {
    const told = forPeople(error);
    if (!(told instanceof InterveneError)) throw error;
    return words(told.kind === "not_found" ? 404 : told.kind === "unavailable" ? 503 : 400, `${told.message}\n`);
  }
}

function words(status: number, text: string): Response {
  return new Response(text, { status, headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" } });
}
