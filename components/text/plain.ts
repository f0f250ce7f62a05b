/** The beginning of a text for a table cell: one line, no Markdown marks, mathematics as its source without dollars. */
export function plainStart(text: string, length: number): string {
  const flat = text
    .slice(0, length * 3)
    .replace(/\*\*|__|^#+\s/gm, "")
    .replace(/\s+/g, " ")
    .trim();
  return flat.length > length ? `${flat.slice(0, length).trimEnd()}…` : flat;
}
