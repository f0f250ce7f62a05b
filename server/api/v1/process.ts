import { parseEnv } from "../../env";
import { processDeps } from "../context";
import { type Api, createApi } from "./api";

const MEBIBYTE = 1024 * 1024;

// Next bundles routes apart from each other and may load one anew: buckets of the rate limit live as long as the process.
const home = globalThis as typeof globalThis & { interveneApi?: Api };

/** Answer a request of a program, in the web process. */
export function answerProgram(request: Request): Promise<Response> {
  if (home.interveneApi === undefined) {
    const env = parseEnv();
    home.interveneApi = createApi({
      deps: processDeps().deps,
      home: env.home,
      inference: env.inferenceUrl === undefined ? null : { baseUrl: env.inferenceUrl, server: env.inferenceServer, apiKey: env.inferenceApiKey },
      hub: { endpoint: env.hfEndpoint, token: env.hfToken },
      maxBody: env.apiMaxBody * MEBIBYTE,
      rate: { rate: env.apiRate, burst: env.apiBurst },
    });
  }
  return home.interveneApi(request);
}
