/**
 * Unbiased pass@k of one problem from n samples of which c are right: 1 − C(n−c, k) / C(n, k), in the product form
 * 1 − Π_{i=n−c+1..n} (1 − k/i), which neither overflows nor cancels. Source: Chen et al. 2021; method.md, "Definitions".
 *
 * @throws RangeError unless 0 ≤ c ≤ n and 1 ≤ k ≤ n (whole numbers): with fewer samples than k it has no unbiased value.
 */
export function passAtK(n: number, c: number, k: number): number {
  if (![n, c, k].every(Number.isInteger) || c < 0 || c > n || k < 1 || k > n) {
    throw new RangeError(`pass@${k} is not defined for ${c} right of ${n} samples`);
  }
  if (n - c < k) return 1;
  let missed = 1;
  for (let i = n - c + 1; i <= n; i++) missed *= 1 - k / i;
  return 1 - missed;
}
