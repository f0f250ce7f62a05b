/**
 * Push a folder to a dataset repository of the Hugging Face hub, as huggingface_hub does it (huggingface_hub/_commit_api.py,
 * lfs.py, hf_api.py): make the repository, ask which files go to large-file storage, upload those, and commit all of them
 * at once. Nothing of it is to be seen on the hub before the commit.
 */
import { openAsBlob } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import type { Push } from "../../core/exporting/task";
import { InterveneError, messageOf } from "../../errors";
import { sha256Of } from "./digest";

export interface Hub {
  /** HF_ENDPOINT, without a slash at its end. */
  endpoint: string;
  token: string;
}

export interface PushOptions {
  summary: string;
  signal?: AbortSignal;
  /** Bytes uploaded so far, and of how many. */
  onProgress?: (done: number, total: number) => Promise<void> | void;
}

interface File {
  name: string;
  path: string;
  size: number;
  large: boolean;
}

const preuploadSchema = z.object({
  files: z.array(z.object({ path: z.string(), uploadMode: z.enum(["lfs", "regular"]), shouldIgnore: z.boolean().optional() })),
});
const actionSchema = z.object({ href: z.string(), header: z.record(z.string(), z.coerce.string()).optional() });
const batchSchema = z.object({
  objects: z.array(
    z.object({
      oid: z.string(),
      size: z.number(),
      error: z.object({ message: z.string() }).optional(),
      actions: z.object({ upload: actionSchema.optional(), verify: actionSchema.optional() }).optional(),
    }),
  ),
});
const commitSchema = z.object({ commitOid: z.string(), commitUrl: z.string() });

/** How much of a file the hub looks at to tell text from data. */
const SAMPLE = 512;
const BRANCH = "main";
const LFS = { accept: "application/vnd.git-lfs+json", "content-type": "application/vnd.git-lfs+json" };

/**
 * @returns the repository's address and the commit. Pushing the same files again uploads nothing and makes no difference.
 * @throws InterveneError("bad_input") when the hub refuses token, name or rights; ("backend") when it cannot be reached, is
 *   overloaded, or answers something else. No message holds the token.
 */
export async function pushToHub(
  hub: Hub,
  push: Push,
  folder: string,
  options: PushOptions,
): Promise<{ repo: string; url: string; commit: string }> {
  const ask = new Asker(hub, options.signal);
  await createRepo(ask, push);
  const files = await listFiles(ask, push.repo, folder);
  const total = files.reduce((sum, f) => sum + f.size, 0);
  const oids = new Map<string, string>();
  let done = 0;
  const went = async (bytes: number) => {
    done += bytes;
    await options.onProgress?.(done, total);
  };
  for (const file of files.filter((f) => f.large)) {
    const oid = await sha256Of(file.path, options.signal);
    oids.set(file.name, oid);
    await uploadLarge(ask, push.repo, file, oid, went);
  }
  const lines: unknown[] = [{ key: "header", value: { summary: options.summary, description: "" } }];
  for (const file of files) {
    const oid = oids.get(file.name);
    if (oid !== undefined) {
      lines.push({ key: "lfsFile", value: { path: file.name, algo: "sha256", oid, size: file.size } });
      continue;
    }
    const content = await readFile(file.path, "base64");
    lines.push({ key: "file", value: { content, path: file.name, encoding: "base64" } });
    await went(file.size);
  }
  const answer = await ask.post(`/api/datasets/${push.repo}/commit/${BRANCH}`, {
    headers: { "content-type": "application/x-ndjson" },
    body: lines.map((line) => JSON.stringify(line)).join("\n"),
  });
  const commit = ask.parse(commitSchema, answer, "the commit");
  return { repo: push.repo, url: `${hub.endpoint}/datasets/${push.repo}`, commit: commit.commitOid };
}

async function createRepo(ask: Asker, push: Push): Promise<void> {
  const [organization, name] = push.repo.split("/");
  const body = { name, organization, type: "dataset", private: push.private };
  // 409: it is there already, which is as good.
  await ask.post("/api/repos/create", { json: body, alsoGood: [409] });
}

async function listFiles(ask: Asker, repo: string, folder: string): Promise<File[]> {
  const names = (await readdir(folder)).sort();
  const files: File[] = [];
  for (const name of names) {
    const at = path.join(folder, name);
    files.push({ name, path: at, size: (await stat(at)).size, large: false });
  }
  const samples = await Promise.all(
    files.map(async (f) => ({
      path: f.name,
      size: f.size,
      sample: Buffer.from(await (await openAsBlob(f.path)).slice(0, SAMPLE).arrayBuffer()).toString("base64"),
    })),
  );
  const answer = await ask.post(`/api/datasets/${repo}/preupload/${BRANCH}`, { json: { files: samples } });
  const modes = ask.parse(preuploadSchema, answer, "which files are large");
  return files.map((f) => {
    const mode = modes.files.find((m) => m.path === f.name);
    // Large-file storage takes no empty files.
    return { ...f, large: mode?.uploadMode === "lfs" && f.size > 0 };
  });
}

async function uploadLarge(
  ask: Asker,
  repo: string,
  file: File,
  oid: string,
  went: (bytes: number) => Promise<void>,
): Promise<void> {
  const answer = await ask.post(`/datasets/${repo}.git/info/lfs/objects/batch`, {
    headers: LFS,
    json: {
      operation: "upload",
      transfers: ["basic", "multipart"],
      hash_algo: "sha256",
      ref: { name: BRANCH },
      objects: [{ oid, size: file.size }],
    },
  });
  const object = ask.parse(batchSchema, answer, `where ${file.name} goes`).objects[0];
  if (!object || object.error)
    throw new InterveneError("backend", `The hub does not take ${file.name}: ${object?.error?.message ?? "no answer"}.`);
  const { upload, verify } = object.actions ?? {};
  if (!upload) return went(file.size); // the hub has this content already
  const blob = await openAsBlob(file.path);
  const partSize = Number(upload.header?.chunk_size ?? 0);
  if (partSize > 0) {
    const urls = Object.entries(upload.header ?? {})
      .filter(([key]) => /^\d+$/.test(key))
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([, url]) => url);
    if (urls.length !== Math.ceil(file.size / partSize))
      throw new InterveneError("backend", `The hub names ${urls.length} parts for ${file.name}, which do not fit its size.`);
    const parts: { partNumber: number; etag: string }[] = [];
    for (const [i, url] of urls.entries()) {
      const part = blob.slice(i * partSize, (i + 1) * partSize);
      const etag = await ask.put(url, part, file.name);
      parts.push({ partNumber: i + 1, etag });
      await went(part.size);
    }
    await ask.post(upload.href, { headers: LFS, json: { oid, parts } });
  } else {
    await ask.put(upload.href, blob, file.name);
    await went(file.size);
  }
  if (verify) await ask.post(verify.href, { headers: LFS, json: { oid, size: file.size } });
}

/** Requests to the hub with its token, and sentences for what can go wrong. */
class Asker {
  constructor(
    private readonly hub: Hub,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** @param where a path of the hub, or a whole address that it named. */
  async post(
    where: string,
    what: { json?: unknown; body?: string; headers?: Record<string, string>; alsoGood?: readonly number[] },
  ): Promise<unknown> {
    const url = where.startsWith("/") ? `${this.hub.endpoint}${where}` : where;
    // An address elsewhere (the storage's) is signed; the token is the hub's alone.
    const ours = new URL(url).origin === new URL(this.hub.endpoint).origin;
    const response = await this.fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...what.headers,
        ...(ours ? { authorization: `Bearer ${this.hub.token}` } : {}),
      },
      body: what.body ?? JSON.stringify(what.json),
    });
    const text = await response.text();
    if (!response.ok && !what.alsoGood?.includes(response.status)) throw this.refused(response, text);
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return null; // completions and verifications may answer with nothing
    }
  }

  /** Send a file or a part of it. @returns its ETag. */
  async put(url: string, body: Blob, name: string): Promise<string> {
    const response = await this.fetch(url, { method: "PUT", body });
    if (!response.ok) throw this.refused(response, await response.text(), ` for ${name}`);
    await response.arrayBuffer();
    return response.headers.get("etag") ?? "";
  }

  parse<T>(schema: z.ZodType<T>, answer: unknown, what: string): T {
    const parsed = schema.safeParse(answer);
    if (parsed.success) return parsed.data;
    throw new InterveneError("backend", `The hub at ${this.hub.endpoint} answered something else when asked for ${what}.`);
  }

  private async fetch(url: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(url, { ...init, ...(this.signal ? { signal: this.signal } : {}) });
    } catch (error) {
      this.signal?.throwIfAborted();
      throw new InterveneError("backend", `The hub at ${this.hub.endpoint} cannot be reached (${why(error)}): check the network and HF_ENDPOINT, and push again. The export itself is written.`, { cause: error });
    }
  }

  private refused(response: Response, text: string, what = ""): InterveneError {
    const said = sentenceOf(text).replaceAll(this.hub.token, "…");
    const { status } = response;
    if (status === 401)
      return new InterveneError("bad_input", `The hub does not know this token${said}: make one with write access in the hub's settings.`);
    if (status === 403)
      return new InterveneError("bad_input", `This token may not write there${said}: it needs write access to the owner's datasets.`);
    if (status === 400 || status === 404 || status === 422)
      return new InterveneError("bad_input", `The hub refuses the push${what}${said}.`);
    return new InterveneError("backend", `The hub answered ${status}${what}${said}: push again later. The export itself is written.`);
  }
}

/** The hub says why in {"error": …}. */
function sentenceOf(text: string): string {
  try {
    const { error } = z.object({ error: z.string() }).parse(JSON.parse(text));
    return ` (${error.slice(0, 300)})`;
  } catch {
    return "";
  }
}

function why(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return messageOf(cause);
}
