/**
 * Datasets of the Hugging Face hub: which files a dataset, configuration and split has, and how they are fetched. The hub
 * converts most datasets to Parquet and lists those files (GET /api/datasets/NAME/parquet); of others, the data files of the
 * repository are taken (GET /api/datasets/NAME/tree/main). Source: the hub's API documentation ("Hub API endpoints",
 * "Dataset viewer: List Parquet files").
 */
import { createWriteStream } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeStream } from "node:stream/web";
import { z } from "zod";
import { type HubSource, hubName, hubSourceSchema } from "../../core/importing/settings";
import { InterveneError, messageOf } from "../../errors";
import type { RandomBytes } from "./parquet";

export interface Hub {
  /** HF_ENDPOINT, without a slash at its end. */
  endpoint: string;
  token: string | undefined;
}

export interface HubFile {
  url: string;
  /** Name with its ending. */
  name: string;
}

const parquetSchema = z.record(z.string(), z.record(z.string(), z.array(z.string())));
const treeSchema = z.array(z.object({ type: z.string(), path: z.string() }));
const DATA = /\.(parquet|jsonl|ndjson|json|csv|tsv)(\.(gz|zst))?$/i;
/** The hub answers quickly or not at all. In ms. */
const PATIENCE = 20_000;

/**
 * The files of a dataset, in order.
 * @throws InterveneError("backend") when the hub cannot be reached or refuses; ("bad_input") for a dataset, configuration or
 * split that it does not have.
 */
export async function hubFiles(hub: Hub, source: HubSource): Promise<HubFile[]> {
  const { dataset } = source;
  if (!hubSourceSchema.safeParse(source).success) {
    throw new InterveneError("bad_input", `"${hubName(source)}" is no name of a dataset: write owner/name, owner/name:configuration or owner/name:configuration:split.`);
  }
  const listed = await getJson(hub, `/api/datasets/${dataset}/parquet`);
  const parsed = parquetSchema.safeParse(listed);
  if (parsed.success && Object.keys(parsed.data).length > 0) return parquetFiles(hub, source, parsed.data);
  const tree = treeSchema.safeParse(await getJson(hub, `/api/datasets/${dataset}/tree/main?recursive=true`));
  if (!tree.success) {
    throw new InterveneError("bad_input", `The hub at ${hub.endpoint} has no dataset "${dataset}", or does not show it: check its name, and set HF_TOKEN for a gated or private one.`);
  }
  const wanted = [source.config, source.split].filter((w) => w);
  const paths = tree.data
    .filter((f) => f.type === "file" && DATA.test(f.path) && !/(^|\/)(dataset_infos?|config)\.json$/.test(f.path))
    .map((f) => f.path)
    .filter((p) => wanted.every((w) => p.includes(w ?? "")));
  if (paths.length === 0) {
    throw new InterveneError("bad_input", `The dataset ${hubName(source)} has no files of rows (Parquet, JSON lines, JSON or CSV).`);
  }
  return paths.sort().map((p) => ({
    url: `${hub.endpoint}/datasets/${dataset}/resolve/main/${p.split("/").map(encodeURIComponent).join("/")}`,
    name: p.split("/").at(-1) ?? p,
  }));
}

function parquetFiles(hub: Hub, source: HubSource, configs: z.infer<typeof parquetSchema>): HubFile[] {
  const names = Object.keys(configs);
  const config = source.config || (names.length === 1 ? names[0] : names.find((n) => n === "default" || n === "main"));
  const splits = config === undefined ? undefined : configs[config];
  if (config === undefined || !splits) {
    throw new InterveneError("bad_input", `Say which configuration of ${source.dataset} to import: ${names.join(", ")}.`);
  }
  const known = Object.keys(splits);
  const split = source.split || (known.length === 1 ? known[0] : undefined);
  const urls = split === undefined ? undefined : splits[split];
  if (split === undefined || !urls) {
    throw new InterveneError("bad_input", `Say which split of ${source.dataset}:${config} to import: ${known.join(", ")}.`);
  }
  // Addresses come with the hub's own host; a mirror serves the same paths.
  return urls.map((url, i) => {
    const { pathname, search } = new URL(url, hub.endpoint);
    return { url: `${hub.endpoint}${pathname}${search}`, name: `${split}-${String(i).padStart(5, "0")}.parquet` };
  });
}

async function getJson(hub: Hub, path: string): Promise<unknown> {
  const response = await ask(hub, `${hub.endpoint}${path}`, { signal: AbortSignal.timeout(PATIENCE) });
  if (!response.ok) {
    await response.body?.cancel();
    if (response.status === 429 || response.status >= 500) {
      throw new InterveneError("backend", `The hub at ${hub.endpoint} answered ${response.status}; try again later.`);
    }
    return null;
  }
  try {
    return await response.json();
  } catch (cause) {
    throw new InterveneError("backend", `The hub at ${hub.endpoint} answered something that is no JSON; is HF_ENDPOINT right?`, { cause });
  }
}

async function ask(hub: Hub, url: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  if (hub.token) headers.set("authorization", `Bearer ${hub.token}`);
  try {
    return await fetch(url, { ...init, headers });
  } catch (cause) {
    const aborted = init.signal?.aborted === true && init.signal.reason instanceof DOMException && init.signal.reason.name === "AbortError";
    if (aborted) throw cause;
    const why = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : messageOf(cause);
    throw new InterveneError(
      "backend",
      `The Hugging Face hub at ${hub.endpoint} cannot be reached (${why || "no answer"}). Set HF_ENDPOINT to a mirror, or download the dataset's files elsewhere and import those.`,
      { cause },
    );
  }
}

/**
 * Fetch a file to the disk; one that is there already stays. `onBytes` is told how much has come.
 * @throws InterveneError("backend").
 */
export async function download(hub: Hub, file: HubFile, to: string, signal: AbortSignal, onBytes: (bytes: number) => void): Promise<void> {
  if (await stat(to).then(() => true, () => false)) return;
  const response = await ask(hub, file.url, { signal });
  if (!response.ok || !response.body) throw refused(hub, file, response.status);
  const expected = Number(response.headers.get("content-length") ?? Number.NaN);
  let bytes = 0;
  const from = Readable.fromWeb(response.body as NodeStream<Uint8Array>);
  from.on("data", (chunk: Uint8Array) => {
    bytes += chunk.length;
    onBytes(bytes);
  });
  try {
    await pipeline(from, createWriteStream(`${to}.part`), { signal });
    const packed = response.headers.get("content-encoding") !== null;
    if (!packed && Number.isFinite(expected) && bytes !== expected) throw new Error(`${bytes} of ${expected} bytes came`);
    await rename(`${to}.part`, to);
  } catch (cause) {
    await rm(`${to}.part`, { force: true });
    if (signal.aborted) throw cause;
    throw new InterveneError("backend", `${file.name} could not be fetched from the hub at ${hub.endpoint} (${messageOf(cause)}); start the import again, it goes on where it stopped.`, { cause });
  }
}

function refused(hub: Hub, file: HubFile, status: number): InterveneError {
  const gated = status === 401 || status === 403 ? " The dataset is gated or private: accept its terms on the hub and set HF_TOKEN." : "";
  return new InterveneError("backend", `The hub at ${hub.endpoint} answered ${status} for ${file.name}.${gated}`);
}

/** The first bytes of a file. */
export async function firstBytes(hub: Hub, file: HubFile, bytes: number): Promise<Buffer> {
  const response = await ask(hub, file.url, { headers: { range: `bytes=0-${bytes - 1}` }, signal: AbortSignal.timeout(PATIENCE) });
  if (!response.ok || !response.body) throw refused(hub, file, response.status);
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
    parts.push(part);
    length += part.length;
    if (length >= bytes) break;
  }
  return Buffer.concat(parts).subarray(0, bytes);
}

/** A file of the hub that is read in ranges, for a look at its first rows. */
export async function hubBytes(hub: Hub, file: HubFile): Promise<RandomBytes> {
  const head = await ask(hub, file.url, { method: "HEAD", signal: AbortSignal.timeout(PATIENCE) });
  const byteLength = Number(head.headers.get("content-length") ?? Number.NaN);
  if (!head.ok || !Number.isFinite(byteLength)) throw refused(hub, file, head.status);
  return {
    byteLength,
    async slice(start, end = byteLength) {
      const response = await ask(hub, file.url, { headers: { range: `bytes=${start}-${end - 1}` }, signal: AbortSignal.timeout(PATIENCE) });
      if (!response.ok) throw refused(hub, file, response.status);
      const whole = await response.arrayBuffer();
      return response.status === 206 ? whole : whole.slice(start, end);
    },
    close: () => Promise.resolve(),
  };
}
