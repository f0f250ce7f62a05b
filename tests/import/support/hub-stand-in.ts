import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { readFileSync, statSync } from "node:fs";
import type { AddressInfo } from "node:net";

/**
 * A STAND-IN for the Hugging Face hub, over real HTTP: the addresses that an import asks for, answered from files on the disk
 * as the hub documents them (GET /api/datasets/NAME/parquet and /tree/main, HEAD and ranged GET of files, 401 for what is
 * gated without a token, addresses on the hub's own host).
 */
export interface HubStandIn {
  url: string;
  /** Every request: "GET /path", and the range if one was asked for. */
  asked: string[];
  /** Break the next this many answers of file bodies after half of their bytes. */
  breakNext: number;
  stop(): Promise<void>;
}

export interface StandInDataset {
  /** Files by configuration and split, as the hub's own conversion; absent: the hub has converted nothing. */
  parquet?: Record<string, Record<string, string[]>>;
  /** Files of the repository: path to file on the disk. */
  files?: Record<string, string>;
  token?: string;
}

export async function startHub(datasets: Record<string, StandInDataset>): Promise<HubStandIn> {
  const hub: HubStandIn = { url: "", asked: [], breakNext: 0, stop: async () => {} };
  const server = createServer((req, res) => answer(hub, datasets, req, res));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  hub.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  hub.stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return hub;
}

type Answer = ServerResponse | undefined;

function answer(hub: HubStandIn, datasets: Record<string, StandInDataset>, req: IncomingMessage, res: ServerResponse): Answer {
  const { pathname } = new URL(req.url ?? "/", hub.url);
  hub.asked.push(`${req.method} ${pathname}${req.headers.range ? ` ${req.headers.range}` : ""}`);
  for (const [name, dataset] of Object.entries(datasets)) {
    const api = `/api/datasets/${name}`;
    if (!pathname.startsWith(`${api}/`) && !pathname.startsWith(`/datasets/${name}/`)) continue;
    if (dataset.token !== undefined && req.headers.authorization !== `Bearer ${dataset.token}`) {
      return json(res, 401, { error: "Access to this dataset is restricted." });
    }
    if (pathname === `${api}/parquet`) return dataset.parquet ? json(res, 200, listing(name, dataset.parquet)) : json(res, 404, { error: "not converted" });
    if (pathname === `${api}/tree/main`) {
      return json(res, 200, [{ type: "directory", path: "data" }, ...Object.entries(dataset.files ?? {}).map(([path, file]) => ({ type: "file", path, size: statSync(file).size, oid: "0" }))]);
    }
    const converted = new RegExp(`^${api}/parquet/([^/]+)/([^/]+)/(\\d+)\\.parquet$`).exec(pathname);
    const file = converted
      ? dataset.parquet?.[converted[1] ?? ""]?.[converted[2] ?? ""]?.[Number(converted[3])]
      : dataset.files?.[decodeURIComponent(pathname.replace(`/datasets/${name}/resolve/main/`, ""))];
    if (file !== undefined) return body(hub, req, res, file);
  }
  return json(res, 404, { error: "Repository not found" });
}

/** The hub names its own host in these, also behind a mirror. */
function listing(name: string, parquet: Record<string, Record<string, string[]>>): unknown {
  const urls = (config: string, split: string, files: string[]) => files.map((_, i) => `https://hub.example/api/datasets/${name}/parquet/${config}/${split}/${i}.parquet`);
  return Object.fromEntries(
    Object.entries(parquet).map(([config, splits]) => [config, Object.fromEntries(Object.entries(splits).map(([split, files]) => [split, urls(config, split, files)]))]),
  );
}

function json(res: ServerResponse, status: number, value: unknown): Answer {
  return res.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

function body(hub: HubStandIn, req: IncomingMessage, res: ServerResponse, file: string): Answer {
  const bytes = readFileSync(file);
  const range = /^bytes=(\d+)-(\d+)$/.exec(req.headers.range ?? "");
  const part = range ? bytes.subarray(Number(range[1]), Number(range[2]) + 1) : bytes;
  res.writeHead(range ? 206 : 200, { "content-length": part.length, "accept-ranges": "bytes" });
  if (req.method === "HEAD") return res.end();
  if (!range && hub.breakNext > 0) {
    hub.breakNext -= 1;
    res.write(part.subarray(0, part.length / 2), () => res.destroy());
    return res;
  }
  return res.end(part);
}
