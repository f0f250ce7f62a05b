import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A file of the real data beside the repository (../shared/data); null, and a line that says so, where it is absent. */
export function sharedFile(name: string): string | null {
  const file = fileURLToPath(new URL(`../../../shared/data/${name}`, import.meta.url));
  if (existsSync(file)) return file;
  console.warn(`skipped: ../shared/data/${name} is not there`);
  return null;
}
