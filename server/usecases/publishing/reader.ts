import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import tailwind from "@tailwindcss/postcss";
import { build, type Metafile, type OutputFile } from "esbuild";
import postcss from "postcss";
import { readerLicences } from "./licences";

/** A file of the reader. */
export interface ReaderFile {
  /** From the publication's folder, with "/". */
  name: string;
  bytes: Uint8Array;
}

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const READER = path.join(ROOT, "app/reader");

let made: Promise<ReaderFile[]> | null = null;

/** {@link buildReader}'s files, made once in a process: its sources do not change while it runs. */
export function readerFiles(): Promise<ReaderFile[]> {
  made ??= buildReader().catch((error: unknown) => {
    made = null;
    throw error;
  });
  return made;
}

/**
 * The program that shows a publication, made from app/reader and the product's own components: classic scripts (modules do
 * not load from file://), one style with its fonts, and the licences of what they are made of. The same sources give the
 * same bytes. Takes about two seconds.
 */
export async function buildReader(): Promise<ReaderFile[]> {
  const [scripts, styles, mark] = await Promise.all([buildScripts(), buildStyles(), readFile(path.join(ROOT, "public/mark.svg"))]);
  const files = [...scripts.files, ...styles.files].map(({ path: file, contents }) => ({
    name: `assets/${path.relative(READER, file).split(path.sep).join("/")}`,
    bytes: contents,
  }));
  const inputs = [...Object.keys(scripts.metafile.inputs), ...Object.keys(styles.metafile.inputs)];
  const licences = await readerLicences(ROOT, inputs);
  return [
    ...files,
    { name: "assets/mark.svg", bytes: mark },
    { name: "assets/LICENSES.txt", bytes: Buffer.from(licences) },
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
}

interface Built {
  files: OutputFile[];
  metafile: Metafile;
}

async function buildScripts(): Promise<Built> {
  const built = await build({
    absWorkingDir: ROOT,
    entryPoints: { reader: path.join(READER, "main.tsx"), theme: path.join(READER, "theme.ts") },
    outdir: READER,
    bundle: true,
    write: false,
    metafile: true,
    format: "iife",
    platform: "browser",
    target: ["chrome123", "firefox120", "safari17.5"],
    minify: true,
    legalComments: "none",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
    // The product's links are Next's; here a link is a link.
    alias: { "next/link": path.join(READER, "link.tsx") },
    logLevel: "silent",
  });
  return { files: built.outputFiles, metafile: built.metafile };
}

async function buildStyles(): Promise<Built> {
  const from = path.join(READER, "reader.css");
  const css = await postcss([tailwind({ base: path.join(ROOT, "components"), optimize: false })]).process(
    await readFile(from, "utf8"),
    { from },
  );
  const built = await build({
    absWorkingDir: ROOT,
    stdin: { contents: woff2Alone(css.css), resolveDir: READER, sourcefile: "reader.css", loader: "css" },
    outfile: path.join(READER, "reader.css"),
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    legalComments: "none",
    loader: { ".woff2": "file" },
    assetNames: "fonts/[name]",
    target: ["chrome123", "firefox120", "safari17.5"],
    logLevel: "silent",
  });
  return { files: built.outputFiles, metafile: built.metafile };
}

/** KaTeX names each face in three formats; every browser that can read the page reads the first. */
const woff2Alone = (css: string): string =>
  css.replace(/,\s*url\([^)]*\.(?:woff|ttf)["']?\)\s*format\(["'](?:woff|truetype)["']\)/g, "");
