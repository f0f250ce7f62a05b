import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Ray's own program: RAY_BIN, or `ray` on PATH; null, and a line that says so, where there is none.
 *
 *   python3 -m venv /tmp/ray && /tmp/ray/bin/pip install "ray[default]" && export RAY_BIN=/tmp/ray/bin/ray
 */
export function findRay(): string | null {
  const { RAY_BIN } = process.env;
  if (RAY_BIN && existsSync(RAY_BIN)) return RAY_BIN;
  if (spawnSync("ray", ["--version"], { timeout: 60_000 }).status === 0) return "ray";
  console.warn('skipped: a real Ray head node (pip install "ray[default]" and set RAY_BIN); the stand-in is tested');
  return null;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A head node on loopback with its dashboard. @param folder short: sockets lie in it. */
export async function rayHead(ray: string, folder: string) {
  const [port, dashboard] = [await freePort(), await freePort()];
  const args = ["start", "--head", "--block", "--disable-usage-stats", "--num-cpus=2", "--node-ip-address=127.0.0.1", "--dashboard-host=127.0.0.1"];
  const child = spawn(ray, [...args, `--port=${port}`, `--dashboard-port=${dashboard}`, `--temp-dir=${folder}`], { detached: true, stdio: "ignore" });
  const address = `http://127.0.0.1:${dashboard}`;
  const close = async () => {
    if (child.exitCode !== null || child.pid === undefined) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    // Asked, it ends its own processes; a group that is killed would leave those with groups of their own.
    child.kill("SIGTERM");
    await Promise.race([gone, sleep(20_000)]);
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // all of it is gone
    }
  };
  for (const end = Date.now() + 120_000; Date.now() < end; await sleep(500)) {
    const answers = await fetch(`${address}/api/jobs/`).then((r) => r.ok, () => false);
    if (answers) return { address, close };
  }
  await close();
  throw new Error("the Ray head node does not answer");
}
