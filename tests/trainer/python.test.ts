/** Which Python runs the TRL trainer, and what is said where there is none. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { parseEnv } from "@/server/env";
import { setUpTrainerPython, trainerPython } from "@/server/usecases/training/python";

const home = mkdtempSync(path.join(tmpdir(), "intervene-python-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const env = (more: Record<string, string> = {}) => parseEnv({ INTERVENE_HOME: home, ...more });

test("TRAINER_PYTHON wins; without either, the command that makes one is named; one of other versions is not used", () => {
  expect(trainerPython(env({ TRAINER_PYTHON: process.execPath })).python).toBe(process.execPath);
  expect(trainerPython(env({ TRAINER_PYTHON: "/none/python" }))).toMatchObject({ python: null, message: expect.stringContaining("no such file") });
  expect(trainerPython(env())).toMatchObject({ python: null, message: expect.stringContaining("npm run -s intervene -- trainer setup") });
  mkdirSync(path.join(home, "python"));
  copyFileSync("workers/trainer/trl/requirements.txt", path.join(home, "python", "requirements.txt"));
  expect(trainerPython(env()).python).toBe(path.join(home, "python", "bin", "python"));
  writeFileSync(path.join(home, "python", "requirements.txt"), "trl==0.1\n");
  expect(trainerPython(env())).toMatchObject({ python: null, message: expect.stringContaining("other versions") });
});

test("setup says what is missing: no python3, one that is too old, one that cannot make environments", async () => {
  const say = () => {};
  const pretend = (script: string) => {
    const file = path.join(home, `python-${Math.random().toString(36).slice(2)}`);
    writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return file;
  };
  await expect(setUpTrainerPython(env(), say, "no-such-python")).rejects.toMatchObject({ kind: "cannot_start", message: expect.stringContaining("is not installed") });
  await expect(setUpTrainerPython(env(), say, pretend("echo 3 8"))).rejects.toMatchObject({ message: expect.stringContaining("is Python 3.8") });
  await expect(setUpTrainerPython(env(), say, pretend("exit 1"))).rejects.toMatchObject({ message: expect.stringContaining("python3-venv") });
  await expect(setUpTrainerPython(env(), say, pretend('case "$1" in -c) echo 3 12;; *) echo disk full >&2; exit 1;; esac'))).rejects.toMatchObject({ message: expect.stringContaining("disk full") });
  await expect(setUpTrainerPython(env({ TRAINER_PYTHON: "/x/python" }), say)).rejects.toMatchObject({ message: expect.stringContaining("TRAINER_PYTHON") });
});
