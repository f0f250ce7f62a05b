/** Steps that a file holds as a list, and labels that point into it. */
import { splitSteps } from "../steps";
import { asText, describe, wholeNumber } from "./fields";
import { RowError } from "./record";

/**
 * A list of steps as texts. A blank line inside of a step would split it in two and shift every label after it, so that
 * it becomes a line break.
 * @throws RowError when it is no list, or a step is empty.
 */
export function stepList(value: unknown, field: string): string[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw new RowError(field, `must be a list of steps, but is ${describe(value)}`);
  }
  return value.map((s: unknown, i) => oneStep(asText(s, `${field}[${i}]`), `${field}[${i}]`));
}

/** One step's text, without blank lines. @throws RowError when nothing is left. */
export function oneStep(text: string, field: string): string {
  const pieces = splitSteps(text);
  if (pieces.length === 0) throw new RowError(field, "is empty");
  return pieces.join("\n");
}

/**
 * The 1-based first error of a 0-based index, -1 or null for none.
 * @throws RowError when it points outside of the steps.
 */
export function fromIndex(value: unknown, steps: number, field: string): number | null {
  if (value === null) return null;
  if (value === undefined) throw new RowError(field, "is missing");
  if (typeof value !== "number" || !Number.isInteger(value)) throw new RowError(field, "must be a whole number or null");
  if (value === -1) return null;
  if (value < 0 || value >= steps) throw new RowError(field, `${value} is outside of the ${steps} steps (0 to ${steps - 1}, or -1)`);
  return value + 1;
}

/** The 1-based first error of a 1-based number; 0, -1 and nothing for none. @throws RowError like {@link fromIndex}. */
export function fromNumber(value: unknown, steps: number, field: string): number | null {
  const number = wholeNumber(value, field);
  if (number === 0 || number === -1) return null;
  if (number < 1 || number > steps) throw new RowError(field, `${number} is outside of the ${steps} steps`);
  return number;
}
