import { stat } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { InterveneError, messageOf } from "@/server/errors";
import { ggufFor } from "./convert";
import { Engine } from "./engine";
import { createEngineServer } from "./http";
import { Shelf } from "./shelf";

/** The embedded inference server: llama.cpp behind vLLM's wire format, on the loopback interface. */

interface Options {
  port: number;
  host: string;
  model: { name: string; path: string }[];
  models?: string;
  cache: string;
  dtype: "f32" | "f16";
  context?: number;
  sequences?: number;
  maxQueued: number;
  lanes?: number;
  threads?: number;
  kv?: "f32" | "f16";
  gpu?: "auto" | false;
  exitWithStdin?: boolean;
}

/** Models of the folder that stay open: each takes about 300 MB for its keys and values. */
const MODELS_IN_MEMORY = 3;
/** Positions told for models of the folder that are not open yet; what planOf gives a small one. */
const DEFAULT_CONTEXT = 2048;

const whole = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError("must be a whole number");
  return value;
};
const oneOf =
  <T extends string>(...allowed: T[]) =>
  (text: string): T => {
    const found = allowed.find((value) => value === text);
    if (found === undefined) throw new InvalidArgumentError(`must be ${allowed.join(" or ")}`);
    return found;
  };
const namedModel = (text: string, before: { name: string; path: string }[] = []) => {
  const at = text.indexOf("=");
  const file = text.slice(at + 1);
  if (file === "") throw new InvalidArgumentError("must be NAME=PATH");
  return [...before, { name: at > 0 ? text.slice(0, at) : path.basename(file).replace(/\.gguf$/, ""), path: file }];
};

const command = new Command("engine")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .description("Serve models with vLLM's wire format from this process.")
  .requiredOption(
    "--model <NAME=PATH>",
    "a GGUF file or a Hugging Face folder (Qwen3); may be repeated, the first is the default",
    namedModel,
  )
  .option("--models <folder>", "folder of more model folders, each served under its name when it is first asked for")
  .option("--port <port>", "port on the loopback interface; 0 takes a free one", whole, 0)
  .option("--host <address>", "address to listen on", "127.0.0.1")
  .option("--cache <folder>", "where converted models are kept", path.join(os.tmpdir(), "intervene-engine"))
  .option("--dtype <type>", "weights of a converted folder: f32 or f16", oneOf("f32", "f16"), "f32")
  .option("--context <tokens>", "prompt and answer together", whole)
  .option("--sequences <count>", "samples computed at once", whole)
  .option("--max-queued <count>", "samples running and waiting before 503", whole, 1024)
  .option("--lanes <count>", "contexts that compute side by side, one thread each", whole)
  .option("--threads <count>", "threads of each context (default 1, or all cores but one for a large model)", whole)
  .option("--kv <type>", "keys and values while generating: f16 (default) or f32", oneOf("f32", "f16"))
  .option(
    "--exit-with-stdin",
    "stop when standard input closes, so that the engine ends with the process that started it",
  )
  .option("--gpu <mode>", "auto or false (default: auto for large models)", (text) =>
    oneOf("auto", "false")(text) === "auto" ? "auto" : false,
  );

async function main(): Promise<void> {
  const options = command.parse().opts<Options>();
  const { context, sequences, lanes, threads, kv, gpu, maxQueued } = options;
  const open = async (name: string, root: string): Promise<Engine> => {
    const file = await ggufFor(root, options.cache, options.dtype);
    const bytes = (await stat(file)).size;
    return Engine.open({ name, root, file, bytes, context, sequences, lanes, threads, kv, gpu, maxQueued });
  };
  const shelf = new Shelf({ open, folder: options.models, most: MODELS_IN_MEMORY, context: context ?? DEFAULT_CONTEXT });
  const served = { shelf, ready: false };
  const server = createEngineServer(served);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) =>
      reject(
        new InterveneError("cannot_start", `Port ${options.port} cannot be used: ${messageOf(error)}`, {
          cause: error,
        }),
      ),
    );
    server.listen(options.port, options.host, resolve);
  });

  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    server.close();
    // A step of a large model may take longer than the second that a stop may last.
    setTimeout(() => process.kill(process.pid, "SIGKILL"), 800).unref();
    shelf.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  if (options.exitWithStdin === true) process.stdin.on("end", stop).on("error", stop).resume();

  for (const { name, path: modelPath } of options.model) {
    shelf.fixed.push(await open(name, path.resolve(modelPath)));
  }
  served.ready = true;
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ ready: true, port, models: shelf.fixed.map((engine) => engine.name) }));
}

main().catch((error: unknown) => {
  console.error(messageOf(error));
  process.exit(error instanceof InterveneError && error.kind === "cannot_start" ? 2 : 1);
});
