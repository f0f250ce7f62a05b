/**
 * An import as a worker does it (read, map, split, digest, grade, COPY, checkpoint) of 100,000 attempts of about 8 kB from a
 * JSON lines file, into the embedded PostgreSQL with its own settings (fsync on), client and server on the same cores.
 * `npm run bench -- import [ATTEMPTS]`.
 */
import { spawn } from "node:child_process";
import { createWriteStream, readFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { once } from "node:events";
import path from "node:path";
import pg from "pg";
import { migrate } from "@/server/store/migrate";
import { startDatabaseServer } from "@/workers/database/server";
import { SEED_PROBLEMS } from "../support/seed-texts";
import type { Bench } from "./bench";

const ATTEMPTS = 100_000;
const PER_PROBLEM = 20;
/** Length of one attempt, in characters. */
const LENGTH = 8_000;

interface Outcome {
  seconds: number;
  maxRssMb: number;
  /** Processor time of the process, s. */
  cpu: number;
  report: {
    attempts: { added: number; present: number };
    rows: { read: number; bad: number };
    grades: { right: number; wrong: number };
  };
}

export const bench: Bench = {
  about: "importing 100,000 attempts of 8 kB, graded: MB/s and the importing process's memory",
  async run({ folder, args, figure, say }) {
    const attempts = Number(args[0] ?? ATTEMPTS);
    const file = path.join(folder, "rollouts.jsonl");
    say(`Writing ${attempts} attempts …`);
    await writeRollouts(file, attempts);
    const bytes = (await stat(file)).size;
    const server = await startDatabaseServer({
      folder: path.join(folder, "postgres"),
      logFile: path.join(folder, "postgres.log"),
    });
    try {
      await migrate(server.url);
      const serverBefore = cpuOfChildren(server.pid);
      const first = await runChild(server.url, folder, file);
      await new Promise((r) => setTimeout(r, 500));
      const serverCpu = cpuOfChildren(server.pid) - serverBefore;
      const note = `${(bytes / 1e6).toFixed(0)} MB, ${first.report.attempts.added} attempts added, ${first.report.grades.right} right, ${first.report.grades.wrong} wrong`;
      figure({ what: "import, grading included", value: bytes / 1e6 / first.seconds, unit: "MB/s", atLeast: 20, note });
      figure({ what: "attempts per second", value: attempts / first.seconds, unit: "rows/s" });
      figure({ what: "peak memory of the importing process", value: first.maxRssMb, unit: "MB", atMost: 300 });
      // What does not depend on who else is on the machine.
      figure({ what: "processor time of the importing process, for each 100 MB", value: first.cpu / (bytes / 1e8), unit: "s" });
      figure({ what: "processor time of the database, for each 100 MB", value: serverCpu / (bytes / 1e8), unit: "s" });
      const again = await runChild(server.url, folder, file);
      figure({
        what: "the same file again (nothing changes)",
        value: bytes / 1e6 / again.seconds,
        unit: "MB/s",
        note: `${again.report.attempts.present} present, ${again.report.attempts.added} added`,
      });
      const size = await databaseSize(server.url);
      figure({ what: "the attempts on the disk, for each byte of text", value: size / bytes, unit: "bytes" });
    } finally {
      await server.stop();
    }
  },
};

/** Attempts made of real-looking steps with other numbers in each; a third of the answers needs algebra to compare. */
async function writeRollouts(file: string, attempts: number): Promise<void> {
  const out = createWriteStream(file);
  const steps = SEED_PROBLEMS.flatMap((p) => p.steps).filter((s) => !s.includes("\\boxed"));
  let state = 12345;
  const next = (n: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % n;
  };
  for (let i = 0; i < attempts; i++) {
    const p = Math.floor(i / PER_PROBLEM);
    const algebra = p % 3 === 0;
    const right = next(4) === 0;
    const answer = algebra ? `\\frac{${p + 3}}{${p + 2}}x` : String(p);
    const given = right
      ? algebra
        ? `x\\cdot\\frac{${2 * (p + 3)}}{${2 * (p + 2)}}`
        : String(p)
      : String(p + 1 + next(3));
    let text = "";
    while (text.length < LENGTH)
      text += `${(steps[next(steps.length)] ?? "").replace(/\d/g, () => String(next(10)))}\n\n`;
    const row = {
      id: `p${p}`,
      problem: `Problem ${p}: find the value.`,
      answer,
      model: "bench-policy",
      attempt: `${text}So the answer is \\boxed{${given}}.`,
    };
    if (!out.write(`${JSON.stringify(row)}\n`)) await once(out, "drain");
  }
  out.end();
  await once(out, "finish");
}

async function runChild(url: string, folder: string, file: string): Promise<Outcome> {
  const program = path.join(import.meta.dirname, "import-child.ts");
  const child = spawn(process.execPath, ["--import", "tsx", program, url, folder, file], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  const [code] = (await once(child, "exit")) as [number];
  if (code !== 0) throw new Error(`the import ended with ${code}`);
  return JSON.parse(out) as Outcome;
}

/** Processor time of a server's connections that have ended, s; 0 where there is no /proc. */
function cpuOfChildren(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[13]) + Number(fields[14])) / 100;
  } catch {
    return 0;
  }
}

async function databaseSize(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ size: string }>("SELECT pg_total_relation_size('attempt') AS size");
  await client.end();
  return Number(rows[0]?.size);
}
