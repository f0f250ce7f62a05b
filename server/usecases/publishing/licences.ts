import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";

const packageSchema = z.object({ name: z.string(), version: z.string(), license: z.string().default("not named") });

/**
 * Licences of the packages that a bundle is made of, with their texts.
 * @param inputs files that were bundled, from `root`.
 */
export async function readerLicences(root: string, inputs: readonly string[]): Promise<string> {
  const folders = new Set(inputs.flatMap((file) => packageFolder(file) ?? []));
  const parts: string[] = [];
  for (const folder of [...folders].sort()) {
    const at = path.join(root, folder);
    const { name, version, license } = packageSchema.parse(JSON.parse(await readFile(path.join(at, "package.json"), "utf8")));
    const file = (await readdir(at)).sort().find((f) => /^(licen[cs]e|copying)/i.test(f));
    const text = file === undefined ? "" : await readFile(path.join(at, file), "utf8");
    parts.push(`${name} ${version}: ${license}\n\n${text.trim()}\n`);
  }
  return `The pages in this folder are shown by a program that is made of these packages.\n\n${parts.join(`\n${"-".repeat(80)}\n\n`)}`;
}

/** "node_modules/@scope/name/file.js" → "node_modules/@scope/name"; null for the product's own files. */
function packageFolder(file: string): string | null {
  const place = file.split(path.sep).join("/");
  const at = place.lastIndexOf("node_modules/");
  if (at === -1) return null;
  const [first = "", second = ""] = place.slice(at + "node_modules/".length).split("/");
  const name = first.startsWith("@") ? `${first}/${second}` : first;
  return `${place.slice(0, at)}node_modules/${name}`;
}
