import { readFileSync } from "node:fs";
import { z } from "zod";

/** Version of Intervene, from package.json. */
export function version(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
