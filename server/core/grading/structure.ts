/**
 * Text cut at commas, semicolons, "and" and "or" that stand in no bracket.
 * @param o.thousands a comma before three digits separates thousands (not inside of brackets: (2,251,252) has three parts).
 */
export function parts(s: string, o: { thousands: boolean }): string[] {
  return cut(s, (text, i) => {
    if (text[i] === "," || text[i] === ";") {
      return o.thousands && text[i] === "," && i > 0 && /\d/.test(text[i - 1] ?? "") && /^\d{3}(?!\d)/.test(text.slice(i + 1)) && isThousands(text, i) ? 0 : 1;
    }
    const word = /^\s(?:and|or)(?=\s|\\|$)/i.exec(text.slice(i, i + 5));
    return word ? word[0].length : 0;
  })
    .map((p) => p.replace(/^\s*(?:and|or)\s/i, "").trim())
    .filter((p) => p !== "");
}

/** Whether the comma at i separates thousands: 1 to 3 digits before the first group, none of them a list of its own. */
function isThousands(text: string, i: number): boolean {
  const before = /(?:^|[^\d,.])(\d{1,3}(?:,\d{3})*)$/.exec(text.slice(Math.max(0, i - 60), i))?.[1];
  return before !== undefined && !/^0/.test(before);
}

/**
 * Cut where `separator` gives a length above 0, at depth 0 alone. All brackets count, mixed ones too ([0,1)); \{ and \} are brackets.
 */
export function cut(s: string, separator: (text: string, i: number) => number): string[] {
  const found: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < s.length; i++) {
    const ch = s[i] ?? "";
    if (depth === 0) {
      const length = separator(s, i);
      if (length > 0) {
        found.push(s.slice(from, i));
        from = i + length;
        i = from - 1;
        continue;
      }
    }
    if (ch === "\\") {
      const next = s[i + 1] ?? "";
      if (next === "{") depth++;
      else if (next === "}") depth--;
      else {
        const command = /^[A-Za-z]+/.exec(s.slice(i + 1, i + 20))?.[0] ?? "";
        if (command === "langle" || command === "begin" || command === "lfloor" || command === "lceil") depth++;
        else if (command === "rangle" || command === "end" || command === "rfloor" || command === "rceil") depth--;
        i += Math.max(0, command.length - 1);
      }
      i++;
    } else if ("([{".includes(ch)) depth++;
    else if (")]}".includes(ch)) depth--;
  }
  found.push(s.slice(from));
  return found;
}

/** Cut at a LaTeX command at depth 0. */
export function cutAt(s: string, command: string): string[] {
  return cut(s, (text, i) => (text.startsWith(command, i) && !/[A-Za-z]/.test(text[i + command.length] ?? "") ? command.length : 0)).map((p) => p.trim());
}

export interface Brackets {
  open: "(" | "[" | "]" | "{" | "<";
  close: ")" | "]" | "[" | "}" | ">";
  inside: string;
}

const OPEN: [string, Brackets["open"]][] = [["\\{", "{"], ["\\langle", "<"], ["(", "("], ["[", "["], ["]", "]"]];
const CLOSE: [string, Brackets["close"]][] = [["\\}", "}"], ["\\rangle", ">"], [")", ")"], ["]", "]"], ["[", "["]];

/** The brackets around all of it, half-open ones and French ones (]0,1[) too; null when there are none. */
export function brackets(s: string): Brackets | null {
  const open = OPEN.find(([text]) => s.startsWith(text));
  const close = CLOSE.find(([text]) => s.endsWith(text) && (text !== ")" || !s.endsWith("\\)")));
  if (!open || !close || s.length < open[0].length + close[0].length) return null;
  if ((open[1] === "{") !== (close[1] === "}") || (open[1] === "<") !== (close[1] === ">")) return null;
  const inside = s.slice(open[0].length, s.length - close[0].length);
  let depth = 0;
  for (let i = 0; i < inside.length; i++) {
    const ch = inside[i] ?? "";
    if ("([{".includes(ch)) depth++;
    else if (")]}".includes(ch) && --depth < 0) return null;
  }
  return depth === 0 ? { open: open[1], close: close[1], inside: inside.trim() } : null;
}
