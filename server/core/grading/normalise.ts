/** Equality of two final answers after normalisation, with the rule that decided. */
export function sameAnswer(given: string, expected: string): { equal: boolean; reason: string } {
  const a = given.replace(/\s+/g, "");
  const b = expected.replace(/\s+/g, "");
  const equal = a !== "" && a === b;
  return { equal, reason: equal ? "equal as text" : "different" };
}
