import { z } from "zod";
import { createContext, processDeps } from "@/server/api/context";
import { eventResponse } from "@/server/api/event-streams";
import { messageOf } from "@/server/errors";
import { whyBlind } from "@/server/usecases/judging/blind";
import { readBranch } from "@/server/usecases/pages/branches";

export const dynamic = "force-dynamic";

/** What is being sampled of one branch (?branch=id), token by token; a hidden one for its author alone. */
export async function GET(request: Request): Promise<Response> {
  const { searchParams } = new URL(request.url);
  const branch = z.uuid().safeParse(searchParams.get("branch"));
  if (!branch.success) return new Response("Name a branch.\n", { status: 400 });
  const context = createContext({ req: request, resHeaders: new Headers() });
  try {
    const person = await context.whoIs();
    const closed = await whyBlind(context.deps, { branch: branch.data }, person?.id ?? null);
    if (closed !== null) return new Response(`${closed}\n`, { status: 403 });
    await readBranch(context.deps, { branch: branch.data, personId: person?.id ?? null });
  } catch (error) {
    return new Response(`${messageOf(error)}\n`, { status: 404 });
  }
  const last = Number(request.headers.get("last-event-id") ?? "-1");
  const after = Number.isInteger(last) ? last : -1;
  return eventResponse(processDeps().branches.ofBranch(branch.data, after, request.signal));
}
