/**
 * Steps of an attempt. An attempt is split on blank lines into steps y_1..y_T; step numbers are 1-based
 * everywhere in this project ("substeps" in the authors' prompts). Source: method.md, "The objects".
 */

/** Split an answer into its steps: non-empty pieces between blank lines, each without surrounding white space. */
export function splitSteps(text: string): string[] {
  return text
    .replace(/\r\n?/g, "\n")
    .split(/\n[ \t]*\n\s*/)
    .map((s) => s.trim())
    .filter((s) => s.length > 0);
}

/** The inverse of {@link splitSteps}: steps joined by one blank line. */
export function joinSteps(steps: readonly string[]): string {
  return steps.join("\n\n");
}

/**
 * The guided attempt: steps 1..location-1 followed by the intervention. Each newline in `content` becomes a blank
 * line, so an intervention may be several steps; with location 1 it is the content alone.
 *
 * @param location 1-based number of the step that is replaced; everything from it on is dropped.
 */
export function guidedAttempt(steps: readonly string[], content: string, location: number): string {
  if (!Number.isInteger(location) || location < 1 || location > steps.length + 1) {
    throw new RangeError(`location ${location} is outside 1..${steps.length + 1}`);
  }
  const pieces = content
    .split(/\n+/)
    .map((s) => s.trim())
    .filter((s) => s.length > 0);
  return joinSteps([...steps.slice(0, location - 1), ...pieces]);
}
