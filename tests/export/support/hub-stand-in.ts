/**
 * A stand-in for the Hugging Face hub: the part of its HTTP interface by which a dataset repository is made and files are
 * pushed to it (create, preupload, LFS batch with basic and multipart transfers, verify, commit), with its refusals. What
 * it takes is strict: an LFS file that was not uploaded whole, with its digest, cannot be committed. huggingface_hub's own
 * upload_folder is run against it where Python is at hand (python.test.ts), so that it is no wishful image.
 */
import { createHash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface HubStandIn {
  endpoint: string;
  /** Files of a repository's main branch. */
  repos: Map<string, { private: boolean; files: Map<string, Buffer>; commits: { oid: string; summary: string }[] }>;
  /** Method and path of each request, without queries. */
  requests: string[];
  /** Bytes that came for large files. */
  uploaded: () => number;
  close(): Promise<void>;
}

export interface HubOptions {
  token: string;
  /** Owners that the token may write to. */
  owners: readonly string[];
  /** Larger files go to large-file storage, in bytes. */
  largeFrom?: number;
  /** Parts of this size for files beyond it; single uploads without it. */
  partSize?: number;
  /** Answer the n-th request (from 0) with this status. */
  failOn?: (request: string) => number | undefined;
}

class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export async function startHub(options: HubOptions): Promise<HubStandIn> {
  const { token, owners, largeFrom = 10_000, partSize } = options;
  const repos: HubStandIn["repos"] = new Map();
  const objects = new Map<string, Buffer>();
  const parts = new Map<string, Map<number, Buffer>>();
  const requests: string[] = [];
  let uploaded = 0;
  let base = "";

  const repoOf = (name: string) => {
    const repo = repos.get(name);
    if (!repo) throw new Refused(404, "Repository not found");
    return repo;
  };

  const put = (url: URL, body: Buffer): { etag: string } => {
    uploaded += body.length;
    const oid = url.pathname.split("/").at(-1) ?? "";
    const part = url.searchParams.get("part");
    if (part === null) {
      if (createHash("sha256").update(body).digest("hex") !== oid) throw new Refused(400, "digest differs");
      objects.set(oid, body);
    } else {
      const of = parts.get(oid) ?? new Map<number, Buffer>();
      of.set(Number(part), body);
      parts.set(oid, of);
    }
    return { etag: `"${createHash("md5").update(body).digest("hex")}"` };
  };

  const complete = (oid: string, given: { partNumber: number; etag: string }[]) => {
    const of = parts.get(oid) ?? new Map<number, Buffer>();
    const bodies = given.map(({ partNumber, etag }, i) => {
      const body = of.get(partNumber);
      const right = body && `"${createHash("md5").update(body).digest("hex")}"`;
      if (partNumber !== i + 1 || !body || etag !== right) throw new Refused(400, `part ${partNumber} is not as it was sent`);
      return body;
    });
    const whole = Buffer.concat(bodies);
    if (createHash("sha256").update(whole).digest("hex") !== oid) throw new Refused(400, "digest of the parts differs");
    objects.set(oid, whole);
    return {};
  };

  const batch = (body: { objects: { oid: string; size: number }[]; hash_algo: string; operation: string }) => {
    if (body.hash_algo !== "sha256" || body.operation !== "upload") throw new Refused(422, "unknown transfer");
    return {
      transfer: "basic",
      objects: body.objects.map(({ oid, size }) => {
        if (objects.get(oid)?.length === size) return { oid, size };
        const verify = { href: `${base}/lfs/verify`, header: {} };
        if (partSize !== undefined && size > partSize) {
          const urls = Array.from({ length: Math.ceil(size / partSize) }, (_, i) => [
            String(i + 1).padStart(5, "0"),
            `${base}/storage/${oid}?part=${i + 1}`,
          ]);
          const header = { chunk_size: String(partSize), ...Object.fromEntries(urls) };
          return { oid, size, actions: { upload: { href: `${base}/lfs/complete`, header }, verify } };
        }
        return { oid, size, actions: { upload: { href: `${base}/storage/${oid}`, header: {} }, verify } };
      }),
    };
  };

  const commit = (name: string, text: string) => {
    const repo = repoOf(name);
    const lines = text
      .split("\n")
      .filter((l) => l !== "")
      .map((l) => JSON.parse(l) as { key: string; value: Record<string, string> });
    const [header, ...operations] = lines;
    if (header?.key !== "header" || !header.value.summary) throw new Refused(400, "the first line is no header");
    const files = new Map(repo.files);
    for (const { key, value } of operations) {
      if (key === "file") files.set(value.path ?? "", Buffer.from(value.content ?? "", "base64"));
      else if (key === "lfsFile") {
        const object = objects.get(value.oid ?? "");
        if (!object || object.length !== Number(value.size)) throw new Refused(400, `${value.path} was not uploaded`);
        files.set(value.path ?? "", object);
      } else throw new Refused(400, `unknown operation ${key}`);
    }
    const oid = randomBytes(20).toString("hex");
    repo.files = files;
    repo.commits.push({ oid, summary: header.value.summary });
    return { success: true, commitOid: oid, commitUrl: `${base}/datasets/${name}/commit/${oid}` };
  };

  const answer = (method: string, url: URL, request: IncomingMessage, body: Buffer): unknown => {
    const at = url.pathname;
    const json = <T>() => JSON.parse(body.toString()) as T;
    if (method === "PUT" && at.startsWith("/storage/")) {
      if (request.headers.authorization) throw new Refused(400, "a signed address takes no token");
      return put(url, body);
    }
    if (method === "POST" && at === "/lfs/complete") {
      const given = json<{ oid: string; parts: { partNumber: number; etag: string }[] }>();
      return complete(given.oid, given.parts);
    }
    if (method === "POST" && at === "/lfs/verify") {
      const given = json<{ oid: string; size: number }>();
      if (objects.get(given.oid)?.length !== given.size) throw new Refused(404, "no such object");
      return {};
    }
    if (request.headers.authorization !== `Bearer ${token}`) throw new Refused(401, "Invalid credentials in Authorization header");
    if (method === "POST" && at === "/api/validate-yaml") {
      const { content, repoType } = json<{ content: string; repoType: string }>();
      if (repoType !== "dataset" || !/^---\n[\s\S]*\n---\n/.test(content)) throw new Refused(400, "no front matter");
      return { errors: [], warnings: [] };
    }
    if (method === "GET" && at === "/api/whoami-v2") return { type: "user", name: owners[0] };
    if (method === "POST" && at === "/api/repos/create") {
      const given = json<{ name: string; organization: string; type: string; private?: boolean; visibility?: string }>();
      if (given.type !== "dataset") throw new Refused(400, "unknown type");
      if (!owners.includes(given.organization))
        throw new Refused(403, `You don't have the rights to create a dataset under the namespace "${given.organization}"`);
      const name = `${given.organization}/${given.name}`;
      const url = `${base}/datasets/${name}`;
      if (repos.has(name)) throw Object.assign(new Refused(409, "You already created this dataset repo"), { url });
      repos.set(name, { private: given.private ?? given.visibility === "private", files: new Map(), commits: [] });
      return { url, name, id: name };
    }
    const call = /^\/api\/datasets\/([^/]+\/[^/]+)\/(preupload|commit|revision)\/main$/.exec(at);
    if (call?.[2] === "preupload" && method === "POST") {
      repoOf(call[1] ?? "");
      return {
        files: json<{ files: { path: string; size: number; sample: string }[] }>().files.map((f) => {
          if (typeof f.sample !== "string") throw new Refused(400, "no sample");
          return { path: f.path, uploadMode: f.size >= largeFrom || /\.parquet$/.test(f.path) ? "lfs" : "regular", shouldIgnore: false, oid: null };
        }),
      };
    }
    if (call?.[2] === "commit" && method === "POST") return commit(call[1] ?? "", body.toString());
    if (call?.[2] === "revision" && method === "GET") {
      const repo = repoOf(call[1] ?? "");
      return { id: call[1], sha: repo.commits.at(-1)?.oid ?? "0".repeat(40), siblings: [], private: repo.private };
    }
    const lfs = /^\/datasets\/([^/]+\/[^/]+)\.git\/info\/lfs\/objects\/batch$/.exec(at);
    if (lfs && method === "POST") {
      repoOf(lfs[1] ?? "");
      return batch(json());
    }
    throw new Refused(404, `Nothing at ${method} ${at}`);
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const url = new URL(request.url ?? "/", base);
      const name = `${request.method} ${url.pathname}`;
      requests.push(name);
      let status = 200;
      let body: unknown;
      try {
        const failing = options.failOn?.(name);
        if (failing !== undefined) throw new Refused(failing, "This is not my day");
        body = answer(request.method ?? "", url, request, Buffer.concat(chunks));
      } catch (error) {
        status = error instanceof Refused ? error.status : 500;
        body = { error: error instanceof Error ? error.message : String(error), ...(error instanceof Error && "url" in error ? { url: error.url } : {}) };
      }
      const etag = typeof body === "object" && body !== null && "etag" in body ? { etag: String(body.etag) } : {};
      response.writeHead(status, { "content-type": "application/json", ...etag }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    endpoint: base,
    repos,
    requests,
    uploaded: () => uploaded,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
