import type { MathJson } from "./evaluate";

/** What the grader needs of a library for LaTeX mathematics. */
export interface Mathematics {
  /** The expression as it is written, nothing computed; null when it cannot be read completely. */
  parse: (latex: string) => MathJson | null;
}

let loading: Promise<Mathematics> | null = null;

/**
 * The library, loaded when it is first needed: 0.4 s and 175 MB. What it parses is never evaluated by it, since its own time
 * limit does not hold (9^{9^{9^9}} blocked it for 35 s); evaluate.ts does that within bounds.
 */
export function loadMathematics(): Promise<Mathematics> {
  loading ??= import("@cortex-js/compute-engine").then(({ ComputeEngine }) => {
    const engine = new ComputeEngine();
    return {
      parse: (latex) => {
        const json = engine.parse(latex, { form: "raw" })?.json as MathJson | undefined;
        return json === undefined || isBroken(json) ? null : json;
      },
    };
  });
  return loading;
}

function isBroken(json: MathJson): boolean {
  if (typeof json === "string") return json === "Nothing" || json === "Error";
  if (!Array.isArray(json)) return false;
  return json[0] === "Error" || json.slice(1).some((part) => isBroken(part as MathJson));
}
