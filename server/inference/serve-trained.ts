import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { InterveneError, messageOf } from "../errors";

export interface ServeTrained {
  /** Command for /bin/sh that makes a server serve it; it finds MODEL_NAME and MODEL_FOLDER in its environment. */
  hook: string;
  /** Name under which it is to be served. */
  name: string;
  /** Its Hugging Face folder. */
  folder: string;
  /** Throws while the inference server does not serve that name. */
  served(): Promise<unknown>;
  signal: AbortSignal;
  /** The server may take so long from the hook's end until it serves the model (ms). */
  withinMs: number;
  /** Time between two looks (ms). */
  everyMs: number;
}

/** Of what a failed hook has said, so much is shown (characters). */
const SAID = 1_000;

/**
 * Hand a trained model to an inference server that is not the embedded engine (which finds it by itself): run the hook, e.g.
 * one that starts or restarts vLLM or SGLang with --model "$MODEL_FOLDER" --served-model-name "$MODEL_NAME", and wait until
 * the server serves it. A worker that was killed meanwhile runs the hook again: it must bear that.
 * @throws InterveneError("backend") with the hook's own words, or when the model is not served in time.
 */
export async function serveTrained(o: ServeTrained): Promise<void> {
  await runHook(o);
  await untilServed({ ...o, done: "SERVE_HOOK has run" });
}

/**
 * Wait until a server serves a model by its name. @param o.done what has been done for it, for people.
 * @throws InterveneError("backend") when it does not in time; the signal's reason.
 */
export async function untilServed(o: Pick<ServeTrained, "name" | "served" | "signal" | "withinMs" | "everyMs"> & { done: string }): Promise<void> {
  let last: unknown;
  for (const end = Date.now() + o.withinMs; Date.now() < end; await sleep(o.everyMs, undefined, { signal: o.signal })) {
    try {
      await o.served();
      return;
    } catch (error) {
      o.signal.throwIfAborted();
      last = error;
    }
  }
  throw new InterveneError("backend", `${o.done}, but after ${Math.round(o.withinMs / 1000)} s the inference server does not serve "${o.name}": ${messageOf(last)}`);
}

function runHook({ hook, name, folder, signal }: ServeTrained): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("/bin/sh", ["-c", hook], { stdio: ["ignore", "pipe", "pipe"], signal, env: { ...process.env, MODEL_NAME: name, MODEL_FOLDER: folder } });
    let said = "";
    const hear = (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-SAID);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("error", reject);
    // "exit", not "close": a server that it leaves behind may hold its output open.
    child.once("exit", (status) => {
      child.stdout.destroy();
      child.stderr.destroy();
      if (status === 0) resolve();
      else reject(new InterveneError("backend", `SERVE_HOOK (${hook}) ended with status ${status} for the model "${name}". It said: ${said.trim() || "nothing"}`));
    });
  });
}
