/**
 * Exponential moving average, corrected for its beginning (Kingma and Ba 2015, section 3): the mean of all values so far with
 * weights weight^age. Weight 0 changes nothing.
 *
 * @throws RangeError unless 0 ≤ weight < 1.
 */
export function ema(values: readonly number[], weight: number): number[] {
  if (!(weight >= 0 && weight < 1)) throw new RangeError(`no average has the weight ${weight}`);
  let sum = 0;
  let norm = 0;
  return values.map((value) => {
    sum = weight * sum + value;
    norm = weight * norm + 1;
    return sum / norm;
  });
}
