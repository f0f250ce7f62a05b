/**
 * Holm–Bonferroni adjusted p-values (Holm 1979): with all of them at most α, the chance of one false claim among all is at
 * most α, however the tests hang together. Sorted upwards, the i-th of m is max over j ≤ i of (m − j + 1) · p(j), at most 1.
 *
 * @param p p-values in any order; null (there was nothing to test) stays null and is not counted.
 * @returns in the same order.
 * @throws RangeError for what is no probability.
 */
export function holmAdjusted(p: readonly (number | null)[]): (number | null)[] {
  const given = p.flatMap((value, at) => (value === null ? [] : [{ value, at }]));
  const wrong = given.find(({ value }) => !(value >= 0 && value <= 1));
  if (wrong !== undefined) throw new RangeError(`${wrong.value} is no p-value`);
  const adjusted: (number | null)[] = p.map(() => null);
  let running = 0;
  for (const [i, { value, at }] of given.sort((x, y) => x.value - y.value).entries()) {
    running = Math.max(running, Math.min(1, (given.length - i) * value));
    adjusted[at] = running;
  }
  return adjusted;
}
