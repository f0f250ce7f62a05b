const MATRIX = /[([]?\s*\\begin\s*\{[pbB]?(?:matrix|array)\}[\s\S]*?\\end\s*\{[pbB]?(?:matrix|array)\}\s*[)\]]?/g;

/**
 * Sums, differences, products and multiples of matrices as one matrix whose entries are LaTeX expressions; null for anything else.
 * @param read one matrix's rows.
 */
export function combinedMatrix(s: string, read: (text: string) => string[][] | null): string[][] | null {
  const found = [...s.matchAll(MATRIX)];
  if (found.length === 0 || found.length > 6) return null;
  let sum: string[][] | null = null;
  let term: string[][] | null = null;
  let sign = "+";
  let at = 0;
  const finish = (): boolean => {
    if (!term) return false;
    const signed = sign === "-" ? scale("-1", term) : term;
    sum = sum ? plus(sum, signed) : signed;
    return sum !== null;
  };
  for (const match of found) {
    const between = s.slice(at, match.index).trim();
    at = match.index + match[0].length;
    const rows = read(match[0].trim());
    const operator = /^([-+]?)\s*([\s\S]*)$/.exec(between);
    if (!rows || !operator) return null;
    const factor = (operator[2] ?? "").replace(/\\cdot\s*$/, "").trim();
    if (/[-+=,]\s*$|\\begin/.test(factor)) return null;
    const own = factor === "" ? rows : scale(factor, rows);
    if (term && operator[1] === "") {
      if (factor !== "") return null;
      term = times(term, rows);
      if (!term) return null;
    } else {
      if (term && !finish()) return null;
      sign = operator[1] || "+";
      term = own;
    }
  }
  return s.slice(at).trim() === "" && finish() ? sum : null;
}

function scale(factor: string, rows: string[][]): string[][] {
  return rows.map((row) => row.map((cell) => `(${factor}) \\cdot (${cell})`));
}

function plus(a: string[][], b: string[][]): string[][] | null {
  if (a.length !== b.length || a.some((row, i) => row.length !== b[i]?.length)) return null;
  return a.map((row, i) => row.map((cell, j) => `(${cell}) + (${b[i]?.[j]})`));
}

function times(a: string[][], b: string[][]): string[][] | null {
  const width = b[0]?.length ?? 0;
  if (a.some((row) => row.length !== b.length) || b.some((row) => row.length !== width)) return null;
  return a.map((row) => Array.from({ length: width }, (_, j) => row.map((cell, k) => `(${cell}) \\cdot (${b[k]?.[j]})`).join(" + ")));
}
