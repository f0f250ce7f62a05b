// Generates the Prisma client (server/store/generated, not committed) if it is missing or older than the schema.
// Plain JavaScript: it runs before anything is built, under any Node that runs npm.
//   node workers/setup/generate.mjs
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const generated = path.join(root, "server/store/generated");
const stamp = path.join(generated, ".digest");

const digest = createHash("sha256")
  .update(readFileSync(path.join(root, "prisma/schema.prisma")))
  .update(readFileSync(path.join(root, "node_modules/prisma/package.json")))
  .digest("hex");

if (!existsSync(path.join(generated, "client.ts")) || !existsSync(stamp) || readFileSync(stamp, "utf8") !== digest) {
  // Node 24 of node_modules where it is there: Prisma needs a newer one than the 20.9 that starts us.
  const local = path.join(root, "node_modules/node/bin", process.platform === "win32" ? "node.exe" : "node");
  const node = existsSync(local) ? local : process.execPath;
  const run = spawnSync(node, [path.join(root, "node_modules/prisma/build/index.js"), "generate"], {
    cwd: root,
    encoding: "utf8",
    env: {
      ...process.env,
      // `generate` needs no engine, but would download one. Any path that exists keeps it from that.
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: "1",
      CHECKPOINT_DISABLE: "1",
    },
  });
  if (run.status !== 0) {
    process.stderr.write(`${run.stdout ?? ""}${run.stderr ?? ""}${run.error ?? ""}\nThe Prisma client could not be generated from prisma/schema.prisma.\n`);
    process.exit(1);
  }
  writeFileSync(stamp, digest);
}
