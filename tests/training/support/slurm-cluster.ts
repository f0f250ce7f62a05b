import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "@/workers/database/ports";

const DAEMONS = ["munged", "slurmctld", "slurmd"];

/**
 * A real Slurm cluster of one host: munged, slurmctld and slurmd from Debian's packages (apt install slurmctld slurmd slurm-client munge),
 * on loopback, in a folder of their own. slurmd has to be root. Null, and a line that says so, where there is none.
 */
export async function slurmCluster(folder: string) {
  const missing = DAEMONS.filter((name) => spawnSync("sh", ["-c", `command -v ${name}`], { env: withSbin() }).status !== 0);
  if (missing.length > 0 || process.getuid?.() !== 0) {
    const why = missing.length > 0 ? `no ${missing.join(", ")}; Debian: apt install slurmctld slurmd slurm-client munge` : "slurmd has to be root";
    console.warn(`skipped: a real Slurm (${why}); the stand-in is tested`);
    return null;
  }
  mkdirSync(path.join(folder, "state"), { recursive: true });
  mkdirSync(path.join(folder, "spool"));
  chmodSync(folder, 0o755);
  const at = (name: string) => path.join(folder, name);
  writeFileSync(at("munge.key"), randomBytes(1024), { mode: 0o600 });
  const conf = [
    "ClusterName=intervene",
    `SlurmctldHost=${hostname().split(".")[0]}(127.0.0.1)`,
    "SlurmUser=root",
    `SlurmctldPort=${await freePort()}`,
    `SlurmdPort=${await freePort()}`,
    "AuthType=auth/munge",
    "CredType=cred/munge",
    `AuthInfo=socket=${at("munge.socket")}`,
    `StateSaveLocation=${at("state")}`,
    `SlurmdSpoolDir=${at("spool")}`,
    `SlurmctldPidFile=${at("slurmctld.pid")}`,
    `SlurmdPidFile=${at("slurmd.pid")}`,
    "ProctrackType=proctrack/linuxproc",
    "TaskPlugin=task/none",
    "MpiDefault=none",
    "SelectType=select/cons_tres",
    "SelectTypeParameters=CR_CPU",
    "MailProg=/bin/true",
    "KillWait=2",
    "ReturnToService=2",
    `NodeName=${hostname().split(".")[0]} NodeAddr=127.0.0.1 CPUs=2`,
    "PartitionName=test Nodes=ALL Default=YES MaxTime=INFINITE State=UP",
  ];
  writeFileSync(at("slurm.conf"), `${conf.join("\n")}\n`);
  const before = { PATH: process.env.PATH, SLURM_CONF: process.env.SLURM_CONF };
  Object.assign(process.env, { PATH: withSbin().PATH, SLURM_CONF: at("slurm.conf") });

  const running: ChildProcess[] = [];
  const start = (name: string, args: string[]) => {
    const log = openSync(at(`${name}.log`), "a");
    const child = spawn(name, args, { stdio: ["ignore", log, log] });
    running.push(child);
    // A test that is cut short leaves no daemon behind.
    process.once("exit", () => child.kill("SIGKILL"));
  };
  const close = async () => {
    for (const child of running.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await Promise.race([gone, sleep(10_000).then(() => child.kill("SIGKILL"))]);
    }
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  start("munged", ["--foreground", "--force", `--key-file=${at("munge.key")}`, `--socket=${at("munge.socket")}`, `--pid-file=${at("munged.pid")}`, `--log-file=${at("munge.log")}`, `--seed-file=${at("munge.seed")}`]);
  start("slurmctld", ["-D", "-c", "-f", at("slurm.conf")]);
  start("slurmd", ["-D", "-f", at("slurm.conf")]);
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(250)) {
    const nodes = spawnSync("sinfo", ["-h", "-o", "%T"], { timeout: 10_000 });
    if (nodes.status === 0 && nodes.stdout.toString().trim() === "idle") return { close };
  }
  await close();
  const said = DAEMONS.map((name) => `${name}: ${readFileSync(at(`${name}.log`), "utf8").trim().split("\n").slice(-3).join(" | ")}`);
  throw new Error(`the Slurm cluster did not come up.\n${said.join("\n")}`);
}

/** Debian has daemons where users do not look. */
const withSbin = () => ({ ...process.env, PATH: `${process.env.PATH}${path.delimiter}/usr/sbin` });
