import type { Env } from "@/server/env";
import { messageOf } from "@/server/errors";
import { createInferenceClient } from "@/server/inference/client";
import type { Deps } from "@/server/usecases/deps";

/**
 * Create the lab study and start its run, if the database holds no study and the lab model is served.
 * @returns what became of it, for people; null when there are studies already.
 */
export async function seedLabStudy(deps: Deps, env: Env): Promise<string | null> {
  if ((await deps.prisma.study.count()) > 0) return null;
  const { createLabStudy, LAB } = await import("@/server/usecases/create-lab-study");
  const why = await whyNotServed(env, LAB.model);
  if (why) return `no study is made: ${why}`;
  await createLabStudy(deps);
  return "study created; its run begins";
}

/** The embedded engine always serves the lab model; a server of the user's own seldom does, and every item would fail. */
async function whyNotServed(env: Env, model: string): Promise<string | null> {
  if (!env.inferenceUrl) return null;
  const client = createInferenceClient({
    baseUrl: env.inferenceUrl,
    server: env.inferenceServer,
    apiKey: env.inferenceApiKey,
    retry: { tries: 1 },
  });
  try {
    const names = (await client.models(AbortSignal.timeout(5_000))).map((m) => m.id);
    return names.includes(model)
      ? null
      : `${env.inferenceUrl} serves ${names.join(", ") || "nothing"}, not the lab model`;
  } catch (error) {
    return messageOf(error);
  } finally {
    await client.close();
  }
}
