import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { type Env, parseEnv } from "../../env";
import { InterveneError } from "../../errors";
import { homePaths } from "../../home";

/** What the Python trainer needs, pinned. */
const REQUIREMENTS = path.resolve("workers/trainer/trl/requirements.txt");
/** Oldest Python that the pinned packages run on. */
const OLDEST = [3, 10] as const;

export interface TrainerPython {
  /** The Python of an environment with TRL; null when there is none. */
  python: string | null;
  /** For people: which one, or what is missing and the command that makes it. */
  message: string;
}

/** The Python that runs the TRL trainer: TRAINER_PYTHON, or the environment that `intervene trainer setup` has made. */
export function trainerPython(env: Env = parseEnv()): TrainerPython {
  if (env.trainerPython !== undefined) {
    const there = existsSync(env.trainerPython) || !env.trainerPython.includes(path.sep);
    return there
      ? { python: env.trainerPython, message: `${env.trainerPython} (TRAINER_PYTHON)` }
      : { python: null, message: `TRAINER_PYTHON is ${env.trainerPython}, and there is no such file.` };
  }
  const { python: folder } = homePaths(env.home);
  const todo = '"npm run -s intervene -- trainer setup" makes it (2 GB), or set TRAINER_PYTHON to a Python that has TRL';
  if (!existsSync(marker(folder))) return { python: null, message: `There is no Python environment for the TRL trainer: ${todo}.` };
  if (readFileSync(marker(folder), "utf8") !== readFileSync(REQUIREMENTS, "utf8"))
    return { python: null, message: `The Python environment in ${folder} has other versions than this Intervene needs: ${todo}.` };
  return { python: programOf(folder), message: programOf(folder) };
}

/**
 * Make that environment in the data folder with python3 and pip, or bring it up to date. Packages come from wherever pip is
 * configured to look.
 * @param say is told what goes on, a line at a time.
 * @throws InterveneError("cannot_start") that says what is missing.
 */
export async function setUpTrainerPython(env: Env, say: (line: string) => void, base = "python3"): Promise<string> {
  const { python: folder } = homePaths(env.home);
  if (env.trainerPython !== undefined)
    throw new InterveneError("cannot_start", `TRAINER_PYTHON is set to ${env.trainerPython}, so that one is used: install workers/trainer/trl/requirements.txt into it, or unset TRAINER_PYTHON.`);
  const version: string[] = [];
  const asked = await run(base, ["-c", "import sys, venv, ensurepip; print(*sys.version_info[:2])"], (line) => version.push(line));
  if (asked === null)
    throw new InterveneError("cannot_start", `${base} is not installed (or not on PATH): install Python ${OLDEST.join(".")} or newer. The embedded trainer needs none.`);
  if (asked !== 0)
    throw new InterveneError("cannot_start", `${base} cannot make environments: install its modules venv and ensurepip (Debian, Ubuntu: the package python3-venv).`);
  const [major = 0, minor = 0] = (version.at(-1) ?? "").split(" ").map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
    throw new InterveneError("cannot_start", `${base} is Python ${major}.${minor}: the trainer's packages need ${OLDEST.join(".")} or newer.`);

  await mkdir(env.home, { recursive: true });
  say(`Making an environment of Python ${major}.${minor} in ${folder}`);
  await must(base, ["-m", "venv", folder], say);
  say("Installing workers/trainer/trl/requirements.txt (some 2 GB; minutes)");
  await must(programOf(folder), ["-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off", "-r", REQUIREMENTS], say);
  say("Trying it");
  await must(programOf(folder), ["-c", "import torch, trl, peft; print('torch', torch.__version__, 'trl', trl.__version__, 'GPUs', torch.cuda.device_count())"], say);
  // Last: an environment without it is one that was cut off.
  await copyFile(REQUIREMENTS, marker(folder));
  return programOf(folder);
}

const marker = (folder: string) => path.join(folder, "requirements.txt");
const programOf = (folder: string) => (process.platform === "win32" ? path.join(folder, "Scripts", "python.exe") : path.join(folder, "bin", "python"));

async function must(program: string, args: readonly string[], say: (line: string) => void): Promise<void> {
  const last: string[] = [];
  const status = await run(program, args, (line) => {
    last.push(line);
    say(line);
  });
  if (status === 0) return;
  throw new InterveneError("cannot_start", `${[path.basename(program), ...args.slice(0, 3)].join(" ")} … failed: ${last.slice(-4).join(" ") || "it said nothing"}`);
}

/** @returns the exit status; null when there is no such program. */
function run(program: string, args: readonly string[], line: (text: string) => void): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    child.once("error", (error: NodeJS.ErrnoException) => (error.code === "ENOENT" ? resolve(null) : reject(error)));
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", line);
    child.once("close", (status) => resolve(status ?? 1));
  });
}
