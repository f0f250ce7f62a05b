import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

/**
 * A Python that has these modules: of INTERVENE_PYTHON_VENV, TRAINER_PYTHON, or `.venv-test` in the repository. Null, and a
 * line that says so, where there is none: the tests that need it are skipped.
 *
 *   python3 -m venv .venv-test && .venv-test/bin/pip install pyarrow datasets trl   (or llamafactory; or verl)
 */
export function pythonWith(...modules: string[]): string | null {
  const venvs = [process.env.INTERVENE_PYTHON_VENV, ".venv-test"].flatMap((v) => (v ? [path.resolve(v, "bin/python")] : []));
  const tried = [...venvs, process.env.TRAINER_PYTHON ?? ""].filter((p) => p !== "" && existsSync(p));
  const find = `import importlib.util, sys; sys.exit(any(importlib.util.find_spec(m) is None for m in ${JSON.stringify(modules)}))`;
  const found = tried.find((python) => spawnSync(python, ["-c", find]).status === 0);
  if (found) return found;
  console.warn(`skipped: no Python with ${modules.join(", ")} (set INTERVENE_PYTHON_VENV, or make .venv-test)`);
  return null;
}
