/** What a text becomes before it is drawn. No HTML, no links and no images exist here: hostile text has nothing to become. */
export type Inline =
  | { kind: "text"; text: string }
  | { kind: "code"; text: string }
  | { kind: "bold" | "italic"; children: Inline[] }
  | { kind: "math"; display: boolean; body: string; source: string }
  /** A link as text: its words and where it would have led. Nothing in the product follows it. */
  | { kind: "link"; image: boolean; label: string; target: string }
  /** Differs from the other side of a comparison (changes.ts). */
  | { kind: "changed"; side: "removed" | "added"; children: Inline[] }
  | { kind: "cut"; hidden: number };

export type Align = "start" | "center" | "end";

export type Block =
  | { kind: "paragraph"; children: Inline[] }
  | { kind: "heading"; level: number; children: Inline[] }
  | { kind: "list"; ordered: boolean; start: number; items: Block[][] }
  | { kind: "quote"; children: Block[] }
  | { kind: "table"; align: Align[]; head: Inline[][]; rows: Inline[][][] }
  | { kind: "code"; text: string }
  | { kind: "rule" }
  /** What a reasoning model thought before it answered; folded. `closed` is false when it never came to an end. */
  | { kind: "think"; source: string; closed: boolean };

/** Characters of one line that are shown; the rest is counted. No person reads further, and browsers choke on it. */
export const LONGEST_LINE = 20_000;
/** Characters of one text that are laid out. */
export const LONGEST_TEXT = 200_000;

/** How many formulas a tree holds. */
export function formulasIn(blocks: readonly Block[]): number {
  const inline = (nodes: readonly Inline[]): number =>
    nodes.reduce((n, c) => n + (c.kind === "math" ? 1 : "children" in c ? inline(c.children) : 0), 0);
  return blocks.reduce((n, b) => {
    switch (b.kind) {
      case "paragraph":
      case "heading":
        return n + inline(b.children);
      case "list":
        return n + b.items.reduce((m, item) => m + formulasIn(item), 0);
      case "quote":
        return n + formulasIn(b.children);
      case "table":
        return n + [b.head, ...b.rows].reduce((m, row) => m + row.reduce((k, cell) => k + inline(cell), 0), 0);
      default:
        return n;
    }
  }, 0);
}
