import { processDeps } from "@/server/api/context";
import { eventResponse } from "@/server/api/event-streams";

export const dynamic = "force-dynamic";

/** Server-sent events of one study (?study=id), or of all. */
export function GET(request: Request): Response {
  const study = new URL(request.url).searchParams.get("study");
  return eventResponse(processDeps().live.ofStudy(study, request.signal));
}
