import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

/**
 * The source file of a thread: beside its starter (`here`, its import.meta.dirname); where a bundler moved that, in the
 * working folder, which is the repository.
 */
export function threadFile(here: string | undefined, folder: string): string {
  const beside = path.join(here ?? "", "thread.ts");
  return existsSync(beside) ? beside : path.resolve(folder, "thread.ts");
}

/** Node's arguments for a thread whose file is TypeScript: a loader, found from this repository, as the command may have been called anywhere. */
export function threadArgs(file: string): string[] {
  let loader = "tsx";
  try {
    loader = pathToFileURL(createRequire(file).resolve("tsx")).href;
  } catch {
    // found by its name, or Node says that it is not
  }
  return ["--import", loader];
}
