import { processDeps } from "@/server/api/context";
import { parseEnv } from "@/server/env";
import { health } from "@/server/usecases/health";

export const dynamic = "force-dynamic";

/** How the system is (JSON). 503 when the pages cannot work because the database does not answer. */
export async function GET(): Promise<Response> {
  const { inferenceUrl, inferenceApiKey } = parseEnv();
  const answer = await health({ pool: processDeps().deps.pool, inferenceUrl, inferenceApiKey });
  return Response.json(answer, { status: answer.ok ? 200 : 503, headers: { "cache-control": "no-store" } });
}
