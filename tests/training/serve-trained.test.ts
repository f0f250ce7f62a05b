/** A trained model handed to a server that is not the embedded engine: a real hook, a stand-in for the server. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createInferenceClient } from "@/server/inference/client";
import { type ServeTrained, serveTrained } from "@/server/inference/serve-trained";
import { ServedModels } from "@/server/usecases/served-models";

const folder = mkdtempSync(path.join(tmpdir(), "intervene serve-"));
const LAB = path.resolve("workers/lab/model");
/** Serves what the hook has written into its list; refuses while there is no list, as a server that restarts. */
const list = path.join(folder, "served");
const server = createServer((request, response) => {
  let names: string[];
  try {
    names = readFileSync(list, "utf8").trim().split("\n");
  } catch {
    return void response.writeHead(503).end("loading");
  }
  const body = request.url === "/v1/models" ? { object: "list", data: names.map((id) => ({ id, object: "model", max_model_len: 2048 })) } : {};
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
});
let models: ServedModels;
const options = (hook: string, o: Partial<ServeTrained> = {}): ServeTrained => ({
  hook,
  name: "lab-RL-1",
  folder: LAB,
  served: () => models.get("lab-RL-1"),
  signal: new AbortController().signal,
  withinMs: 20_000,
  everyMs: 50,
  ...o,
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  models = new ServedModels(createInferenceClient({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

test("the hook is given name and folder, may leave a server behind, and the model is waited for", async () => {
  const seen = path.join(folder, "seen");
  await serveTrained(options(`printf '%s|%s' "$MODEL_NAME" "$MODEL_FOLDER" > '${seen}'; (sleep 1; echo "$MODEL_NAME" > '${list}') &`));
  expect(readFileSync(seen, "utf8")).toBe(`lab-RL-1|${LAB}`);
  expect(readFileSync(list, "utf8").trim()).toBe("lab-RL-1");
});

test("a hook that fails says why; a model that never comes is named; a cancelled run does not wait", async () => {
  await expect(serveTrained(options("echo no GPU is free; exit 3"))).rejects.toMatchObject({ kind: "backend", message: expect.stringMatching(/status 3 .*no GPU is free/s) });
  writeFileSync(list, "another\n");
  models.forget();
  await expect(serveTrained(options("true", { withinMs: 500 }))).rejects.toMatchObject({ message: expect.stringMatching(/does not serve "lab-RL-1": .*it serves "another"/s) });
  const cancel = new AbortController();
  setTimeout(() => cancel.abort(), 200);
  await expect(serveTrained(options("true", { signal: cancel.signal }))).rejects.toThrow();
});
