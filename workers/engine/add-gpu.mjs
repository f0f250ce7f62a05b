// Adds llama.cpp's GPU binaries, which the default installation leaves out (85 MB instead of 725 MB).
// Usage: node workers/engine/add-gpu.mjs cuda|vulkan     (Linux and Windows on x64; Apple silicon has Metal already)
// `npm ci` takes them away again.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const kind = process.argv[2];
const system = { linux: "linux", win32: "win" }[process.platform];
if ((kind !== "cuda" && kind !== "vulkan") || system === undefined || process.arch !== "x64") {
  console.error("Usage: node workers/engine/add-gpu.mjs cuda|vulkan, on Linux or Windows with an x64 processor.");
  process.exit(2);
}

const modules = path.resolve("node_modules");
const { version } = JSON.parse(readFileSync(path.join(modules, "node-llama-cpp/package.json"), "utf8"));
// CUDA's kernels for older cards are a package of their own.
const packages = kind === "cuda" ? [`${system}-x64-cuda`, `${system}-x64-cuda-ext`] : [`${system}-x64-vulkan`];

/** @param {string} command @param {string[]} args */
function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (status !== 0) {
    console.error(`${command} ${args.join(" ")} failed${error ? `: ${error.message}` : ""}.`);
    process.exit(1);
  }
}

for (const name of packages) {
  const folder = mkdtempSync(path.join(tmpdir(), "add-gpu-"));
  try {
    // Not `npm install`: package.json replaces these packages by an empty one.
    run("npm", ["pack", "--silent", "--pack-destination", folder, `@node-llama-cpp/${name}@${version}`]);
    const archive = path.join(folder, readdirSync(folder)[0] ?? "");
    const target = path.join(modules, "@node-llama-cpp", name);
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    run("tar", ["-xzf", archive, "-C", target, "--strip-components", "1"]);
    console.log(`Added @node-llama-cpp/${name} ${version}.`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
