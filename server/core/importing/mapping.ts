/** Mappings as people write them: `--map attempt=generated_text --map 'model="DeepSeek-R1"'`. */
import { z } from "zod";
import { type ColumnMapping, type Target, TARGETS } from "./record";

const source = z.union([
  z.strictObject({ column: z.string().trim().min(1).max(200) }),
  z.strictObject({ value: z.string().max(500) }),
]);

/** A mapping as it travels: in a run's settings, from the page, through the API. */
export const mappingSchema = z.partialRecord(z.enum(TARGETS), source);

/** One `field=column` or `field="text"`; a sentence when it is neither. */
export function parseMapping(text: string): { target: Target; source: { column: string } | { value: string } } | string {
  const at = text.indexOf("=");
  const target = TARGETS.find((t) => t === text.slice(0, Math.max(0, at)).trim());
  if (at < 0 || !target) return `"${text}" is no mapping: write field=column or field="text"; the fields are ${TARGETS.join(", ")}`;
  const from = text.slice(at + 1).trim();
  const quoted = /^"(.*)"$/s.exec(from);
  if (quoted) return { target, source: { value: quoted[1] ?? "" } };
  return from === "" ? `"${text}" names no column` : { target, source: { column: from } };
}

export type { ColumnMapping };
