/** A p-value as it is reported: "p < 0.001", "p = 0.034", "p = 0.21". */
export function pWords(p: number): string {
  return p < 0.001 ? "p < 0.001" : `p = ${p.toFixed(p < 0.1 ? 3 : 2)}`;
}
