import { InvalidArgumentError } from "commander";
import { type LauncherSettings, parseLauncher } from "@/server/core/training/launcher";

/** A parser for whole-number options between two bounds, for commander. */
export function wholeNumber(low: number, high = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const n = Number(text);
    if (!/^-?\d+$/.test(text.trim()) || !Number.isSafeInteger(n) || n < low || n > high) {
      const range = high === Number.MAX_SAFE_INTEGER ? `from ${low} on` : `from ${low} to ${high}`;
      throw new InvalidArgumentError(`It must be a whole number ${range}.`);
    }
    return n;
  };
}

/** A parser for options that are a number above 0, for commander. */
export function aboveZero(text: string): number {
  const n = Number(text);
  if (text.trim() === "" || !Number.isFinite(n) || n <= 0) throw new InvalidArgumentError("It must be a number above 0.");
  return n;
}

/** A parser for options that are a share between two bounds, for commander. */
export function share(low: number, high: number): (text: string) => number {
  return (text) => {
    const n = Number(text);
    if (text.trim() === "" || !(n >= low && n <= high)) throw new InvalidArgumentError(`It must be a share from ${low} to ${high}.`);
    return n;
  };
}

/** A parser for where trainings run, for commander. */
export function launcher(text: string): LauncherSettings {
  const settings = parseLauncher(text);
  if (settings === null)
    throw new InvalidArgumentError("It must be local, slurm or ray with its options, e.g. slurm:partition=gpu,gres=gpu:4 or ray:address=http://127.0.0.1:8265.");
  return settings;
}
