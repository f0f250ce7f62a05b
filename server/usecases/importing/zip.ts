/**
 * Samples of an Inspect AI log: a zip archive (`.eval`) with one JSON file per sample under samples/, and the evaluation
 * in header.json (while it runs, in _journal/start.json; in the format's first version, in start.json).
 * Source: inspect_ai, src/inspect_ai/log/_recorders/eval.py.
 */
import zlib from "node:zlib";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import type { Fields } from "../../core/importing/record";
import { InterveneError, messageOf } from "../../errors";
import { parseRow } from "./json-value";
import { badRow, type FileRow, MAX_ROW_BYTES, TOO_LONG } from "./row";

const HEADERS = ["header.json", "_journal/start.json", "start.json"];
/** Compression methods of a zip archive: 93 is zstd. */
const ZSTD = 93;

/**
 * @param skip samples that are passed over.
 * @throws InterveneError("bad_input") for an archive that is damaged as a whole or is no log.
 */
export async function* zipRows(file: string, skip = 0): AsyncGenerator<FileRow> {
  const header = await evaluation(file);
  const zip = await openZip(file);
  try {
    let row = 0;
    for await (const entry of zip.eachEntry()) {
      if (!isSample(entry)) continue;
      row += 1;
      if (row <= skip) continue;
      const bytes = await contents(zip, entry).catch((error: unknown) => `of ${entry.fileName} cannot be unpacked (${messageOf(error)})`);
      if (bytes === null) yield badRow(row, TOO_LONG);
      else if (typeof bytes === "string") yield badRow(row, bytes);
      else {
        const parsed = parseRow(bytes);
        if ("fields" in parsed) yield { row, ...parsed, fields: { ...header, ...parsed.fields } };
        else yield { row, bad: { field: "row", ...parsed } };
      }
    }
  } finally {
    zip.close();
  }
}

/** How many samples an archive holds. */
export async function countSamples(file: string): Promise<number> {
  const zip = await openZip(file);
  try {
    let samples = 0;
    for await (const entry of zip.eachEntry()) if (isSample(entry)) samples += 1;
    return samples;
  } finally {
    zip.close();
  }
}

const isSample = (entry: Entry) => /^samples\/.*\.json$/.test(entry.fileName);

/** The header's field `eval`, which every sample gets. */
async function evaluation(file: string): Promise<Fields> {
  const zip = await openZip(file);
  const found = new Map<string, Entry>();
  let samples = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      if (HEADERS.includes(entry.fileName)) found.set(entry.fileName, entry);
      else if (isSample(entry)) samples += 1;
    }
    for (const name of HEADERS) {
      const entry = found.get(name);
      const bytes = entry ? await contents(zip, entry) : null;
      const parsed = bytes ? parseRow(bytes) : null;
      if (parsed && "fields" in parsed && "eval" in parsed.fields) return { eval: parsed.fields.eval };
    }
  } catch (cause) {
    throw new InterveneError("bad_input", `${file} is damaged as a zip archive: ${messageOf(cause)}.`, { cause });
  } finally {
    zip.close();
  }
  if (samples > 0) return {};
  throw new InterveneError(
    "bad_input",
    `${file} is a zip archive, but no log of Inspect AI (it holds no samples/….json); unpack it and import the files in it.`,
  );
}

async function openZip(file: string): Promise<ZipFile> {
  try {
    return await openPromise(file, { lazyEntries: true, autoClose: false });
  } catch (cause) {
    throw new InterveneError("bad_input", `${file} cannot be read as a zip archive: ${messageOf(cause)}. Was it cut off?`, { cause });
  }
}

async function contents(zip: ZipFile, entry: Entry): Promise<Buffer | null> {
  if (entry.uncompressedSize > MAX_ROW_BYTES) return null;
  const zstd = entry.compressionMethod === ZSTD;
  const stream = await zip.openReadStreamPromise(entry, zstd ? { decodeFileData: false } : {});
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  const bytes = Buffer.concat(parts);
  return zstd ? zlib.zstdDecompressSync(bytes) : bytes;
}
