import { readFileSync } from "node:fs";
import { z } from "zod";

/** "intervene 0.1.0", as manifests, cards and Parquet footers name what wrote them. */
export function toolName(): string {
  const text = readFileSync(new URL("../../../package.json", import.meta.url), "utf8");
  const { name, version } = z.object({ name: z.string(), version: z.string() }).parse(JSON.parse(text));
  return `${name} ${version}`;
}
