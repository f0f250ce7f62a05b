import { setTimeout as sleep } from "node:timers/promises";

/** The address to open in a browser. A wildcard host is reached through the loopback. */
export function webUrl(host: string, port: number): string {
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

/** Wait until the health route is served and the first page does not fail. Rejects when `signal` aborts. */
export async function pageAnswers(url: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    if ((await statusOf(`${url}/api/health`, signal)) !== undefined && ((await statusOf(`${url}/`, signal)) ?? 500) < 500) return;
    await sleep(150, undefined, { signal });
  }
}

async function statusOf(url: string, signal: AbortSignal): Promise<number | undefined> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]), redirect: "manual" });
    await answer.body?.cancel();
    return answer.status;
  } catch {
    return undefined; // not listening yet
  }
}
