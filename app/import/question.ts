/** What the address says of an import: its source and how it is read. */
import { mappingSchema } from "@/server/core/importing/mapping";
import { type ColumnMapping, IMPORT_KINDS, type ImportKind } from "@/server/core/importing/record";
import { hubOf, type ImportOptions, type ImportSource } from "@/server/core/importing/settings";

export interface Question extends ImportOptions {
  source: ImportSource;
}

/** Null while no source is chosen. What makes no sense is left out. */
export function questionOf(search: URLSearchParams): Question | null {
  const [upload, hub] = [search.get("upload"), search.get("hub")];
  if (!upload && !hub) return null;
  const as = IMPORT_KINDS.find((k): k is ImportKind => k === search.get("as"));
  const problemSet = search.get("set") ?? "";
  return {
    source: upload ? { upload } : { hub: hubOf(hub ?? "") },
    format: search.get("format") || "auto",
    mapping: mappingOf(search.get("map")),
    ...(as ? { as } : {}),
    ...(problemSet === "" ? {} : { problemSet }),
  };
}

/** The mapping of an address; nothing when it makes no sense. */
export function mappingOf(text: string | null): ColumnMapping {
  if (!text) return {};
  try {
    const parsed = mappingSchema.safeParse(JSON.parse(text));
    return parsed.success ? (parsed.data as ColumnMapping) : {};
  } catch {
    return {};
  }
}
