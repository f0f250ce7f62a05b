import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export interface Ended {
  status: number | null;
  out: string;
  err: string;
}

/** Start `intervene …` as a real process. */
export function spawnIntervene(args: string[], env: Record<string, string> = {}): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, ["--import", "tsx", "workers/cli/main.ts", ...args], {
    cwd: ROOT,
    env: { ...process.env, DATABASE_URL: "", INFERENCE_URL: "", ...env },
  });
}

/** Run `intervene …` as `npm run intervene -- …` does, as a real process. */
export function intervene(args: string[], o: { env?: Record<string, string>; input?: string } = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawnIntervene(args, o.env);
    let out = "";
    let err = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      err += text;
    });
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, out, err }));
    child.stdin.end(o.input ?? "");
  });
}
