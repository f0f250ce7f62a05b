import type { SearchParams } from "@/app/search-params";
import { type DatasetOptions, datasetOptionsSchema } from "@/server/core/datasets/settings";
import { SOURCES, type Source } from "@/server/core/datasets/sources";

/** The form of a new data set as its address carries it. */
export interface DatasetForm {
  options: DatasetOptions;
  /** Name of the base model; "" where the study has only one to take. */
  base: string;
}

const defaults = (source: Source) => datasetOptionsSchema.parse({ source });

/** The form in an address; null when there is none. What makes no sense takes its default. */
export function formOf(search: SearchParams | URLSearchParams): DatasetForm | null {
  const get = (name: string): string | undefined => {
    const value = search instanceof URLSearchParams ? (search.get(name) ?? undefined) : search[name];
    return Array.isArray(value) ? value[0] : value;
  };
  const source = SOURCES.find((s) => s === get("source"));
  if (source === undefined) return null;
  const given: Record<string, unknown> = { source };
  const shape = datasetOptionsSchema.shape;
  for (const [field, value] of Object.entries(defaults(source))) {
    const text = get(field);
    if (text === undefined || field === "source") continue;
    const read: unknown =
      typeof value === "boolean"
        ? text === "1"
        : typeof value === "number"
          ? Number(text)
          : Array.isArray(value)
            ? text.split("\n").filter((t) => t !== "")
            : text;
    if (shape[field as keyof typeof shape].safeParse(read).success) given[field] = read;
  }
  return { options: datasetOptionsSchema.parse(given), base: get("base") ?? "" };
}

/** What an address says beside the form: the question of the list of data sets. */
export function besidesForm(search: URLSearchParams): URLSearchParams {
  return new URLSearchParams([...search].filter(([name]) => name !== "base" && !Object.hasOwn(datasetOptionsSchema.shape, name)));
}

/** The form as search parameters; defaults are left out. */
export function formSearch({ options, base }: DatasetForm): URLSearchParams {
  const search = new URLSearchParams({ source: options.source });
  const usual: Record<string, unknown> = defaults(options.source);
  for (const [field, value] of Object.entries(options)) {
    if (field === "source" || JSON.stringify(value) === JSON.stringify(usual[field]) || value === null) continue;
    search.set(field, Array.isArray(value) ? value.join("\n") : typeof value === "boolean" ? (value ? "1" : "0") : String(value));
  }
  if (base !== "") search.set("base", base);
  return search;
}

/** A name that says what is asked for and is not taken: "int", "int-unfiltered", "reference-2". */
export function suggestedName(options: DatasetOptions, taken: readonly string[]): string {
  const isInt = options.source === "int";
  const parts = [
    options.source.replaceAll("_", "-"),
    isInt && options.withoutPrefix ? "without-prefix" : "",
    isInt && options.withSuffix ? "with-suffix" : "",
    isInt && options.unfiltered ? "unfiltered" : "",
    isInt && options.decisions === "only" ? "judged" : "",
    isInt && options.leak === "substring" ? "substring" : "",
  ].filter((p) => p !== "");
  const name = parts.join("-");
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${name}-${n}`;
    if (!taken.includes(candidate)) return candidate;
  }
}
