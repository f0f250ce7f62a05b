import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { start, temporaryFolder } from "./system";

test("a server of one's own that has no lab model: no lab study of failing items, and a line that says why", {
  timeout: 120_000,
}, async () => {
  const server = createServer((request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(
      JSON.stringify(
        request.url === "/v1/models" ? { object: "list", data: [{ id: "some/model", object: "model" }] } : {},
      ),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const product = start(
    "workers/start/main.ts",
    { INTERVENE_HOME: temporaryFolder(), INFERENCE_URL: url, DATABASE_URL: "", PORT: "0" },
    ["--no-web"],
  );
  await product.says(/lab +no study is made: .* serves some\/model, not the lab model/);
  product.process.kill("SIGTERM");
  expect(await product.ended).toBe(0);
});
