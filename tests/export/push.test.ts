import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { pushToHub } from "@/server/usecases/exports/push-to-hub";
import { type HubOptions, type HubStandIn, startHub } from "./support/hub-stand-in";

const TOKEN = "hf_0123456789abcdefghijklmnop";
let folder: string;
let hub: HubStandIn;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "intervene-push-"));
  await writeFile(path.join(folder, "README.md"), "# Card\n");
  await writeFile(path.join(folder, "manifest.json"), "{}\n");
  await writeFile(path.join(folder, "train.parquet"), Buffer.alloc(100_000, "rows "));
  await writeFile(path.join(folder, "empty.jsonl"), "");
});
afterEach(async () => {
  await hub.close();
  await rm(folder, { recursive: true, force: true });
});

async function push(options: { with?: string; repo?: string; signal?: AbortSignal } = {}) {
  const progress: number[] = [];
  const pushed = await pushToHub(
    { endpoint: hub.endpoint, token: options.with ?? TOKEN },
    { repo: options.repo ?? "team/rows", private: true },
    folder,
    { summary: "7 rows", onProgress: (done, total) => void progress.push(done / total), ...(options.signal ? { signal: options.signal } : {}) },
  );
  return { pushed, progress };
}
const fresh = async (options: Partial<HubOptions> = {}) => {
  hub = await startHub({ token: TOKEN, owners: ["team"], ...options });
};

it("makes the repository, uploads large files and commits all of them at once", async () => {
  await fresh();
  const { pushed, progress } = await push();
  const repo = hub.repos.get("team/rows");
  expect(repo?.private).toBe(true);
  expect(repo?.commits).toEqual([{ oid: pushed.commit, summary: "7 rows" }]);
  expect([...(repo?.files.keys() ?? [])].sort()).toEqual(["README.md", "empty.jsonl", "manifest.json", "train.parquet"]);
  expect(repo?.files.get("train.parquet")?.equals(Buffer.alloc(100_000, "rows "))).toBe(true);
  expect(repo?.files.get("README.md")?.toString()).toBe("# Card\n");
  expect(pushed.url).toBe(`${hub.endpoint}/datasets/team/rows`);
  expect(progress.at(-1)).toBe(1);
});

it("sends large files in the parts that the hub asks for", async () => {
  await fresh({ partSize: 30_000 });
  await push();
  expect(hub.requests.filter((r) => r.startsWith("PUT "))).toHaveLength(4);
  expect(hub.repos.get("team/rows")?.files.get("train.parquet")?.length).toBe(100_000);
});

it("uploads nothing twice", async () => {
  await fresh();
  await push();
  const before = hub.uploaded();
  await push();
  expect(hub.uploaded()).toBe(before);
  expect(hub.repos.get("team/rows")?.commits).toHaveLength(2);
});

it.each<[string, Partial<HubOptions> & { with?: string; repo?: string }, RegExp]>([
  ["a wrong token", { with: "hf_wrong" }, /does not know this token .*write access/],
  ["somebody else's name", { repo: "others/rows" }, /may not write there \(You don't have the rights/],
  ["a hub that is not well", { failOn: (r) => (r.includes("/commit/") ? 500 : undefined) }, /answered 500 \(This is not my day\): push again later/],
  ["a storage that is not well", { failOn: (r) => (r.startsWith("PUT") ? 503 : undefined) }, /answered 503 for train\.parquet/],
])("says what went wrong with %s, without the token", async (_what, options, says) => {
  await fresh(options);
  const failed = await push(options).then(
    () => "",
    (error: Error) => error.message,
  );
  expect(failed).toMatch(says);
  expect(failed).not.toContain("hf_");
  expect([...hub.repos.values()].flatMap((r) => r.commits)).toEqual([]);
});

it("says that the hub cannot be reached, and stops when it is told to", async () => {
  await fresh();
  const stopped = AbortSignal.abort(new Error("cancelled"));
  await expect(push({ signal: stopped })).rejects.toThrow("cancelled");
  await hub.close();
  await expect(push()).rejects.toThrow(/cannot be reached \(.*ECONNREFUSED.*\).*push again/);
});
