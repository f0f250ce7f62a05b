import { processDeps } from "@/server/api/context";

export const dynamic = "force-dynamic";

/** Server-sent events of one study (?study=id), or of all. */
export function GET(request: Request): Response {
  const study = new URL(request.url).searchParams.get("study");
  const stream = processDeps().live.stream(study, request.signal);
  if (stream === null)
    return new Response("The server is ending.\n", { status: 503, headers: { connection: "close" } });
  return new Response(stream, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache, no-transform",
      // nginx and its like hold streams back unless told not to.
      "x-accel-buffering": "no",
      // Without it the connection outlives the stream, and an ending server waits for the browser to let go of it.
      connection: "close",
    },
  });
}
