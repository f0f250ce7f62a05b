import { answerProgram } from "@/server/api/v1/process";

export const dynamic = "force-dynamic";

/** Everything below /api/v1 (server/api/v1): every method, so that a wrong one is told so in the API's own form. */
const handle = (request: Request): Promise<Response> => answerProgram(request);

export { handle as DELETE, handle as GET, handle as HEAD, handle as OPTIONS, handle as PATCH, handle as POST, handle as PUT };
