import type { SearchParams } from "@/app/search-params";
import { FILTERS_OF, type FilterName, filtersSchema, sourceOf, type What, whatSchema } from "@/server/core/exporting/request";
import { type ExportForm, formatsFor } from "@/components/exporting/export-form";
import type { ExportChoices } from "@/server/core/views/exports";

/** The form in an address; what makes no sense, or does not go together, takes its default. */
export function formOf(search: SearchParams | URLSearchParams, choices: ExportChoices): ExportForm {
  const get = (name: string): string | undefined => {
    const value = search instanceof URLSearchParams ? (search.get(name) ?? undefined) : search[name];
    return Array.isArray(value) ? value[0] : value;
  };
  const what = whatOf(get("dataset"), get("table")) ?? usual(choices);
  const source = sourceOf(what);
  const offered = formatsFor(what, choices);
  const format = offered.find((f) => f.id === get("format")) ?? offered[0];
  if (!format) throw new Error(`nothing can be written of ${source}`);
  const file = format.files.find((f) => f === get("file")) ?? format.files[0] ?? "jsonl";
  const filters: Record<string, unknown> = {};
  for (const name of FILTERS_OF[source]) {
    const text = get(name);
    const value = text === undefined ? undefined : readFilter(name, text);
    if (value !== undefined && filtersSchema.shape[name].safeParse(value).success) filters[name] = value;
  }
  if (format.shape !== "steps") delete filters.labels;
  const queues = (get("openBlind") ?? "").split("\n").filter((q) => q !== "");
  return { what, format: format.id, file, filters: filtersSchema.parse(filters), names: get("names") === "1", openBlindQueues: queues };
}

/** What the form begins with: the newest data set, or the attempts. */
function usual(choices: ExportChoices): What {
  const newest = choices.datasets.find((d) => d.ready);
  return newest === undefined ? { kind: "table", table: "attempts" } : { kind: "dataset", name: newest.name };
}

function whatOf(dataset: string | undefined, table: string | undefined): What | null {
  const given = dataset !== undefined ? { kind: "dataset", name: dataset } : { kind: "table", table };
  const parsed = whatSchema.safeParse(given);
  return parsed.success ? parsed.data : null;
}

function readFilter(name: FilterName, text: string): unknown {
  if (name === "reward") return Number(text);
  if (name === "labels") return text.split(",");
  if (name === "chosen" || name === "kept" || name === "withoutLeaks") return text === "1";
  return text;
}

/** The form as search parameters; defaults are left out. */
export function formSearch(form: ExportForm, choices: ExportChoices): URLSearchParams {
  const search = new URLSearchParams();
  if (form.what.kind === "dataset") search.set("dataset", form.what.name);
  else search.set("table", form.what.table);
  search.set("format", form.format);
  const format = formatsFor(form.what, choices).find((f) => f.id === form.format);
  if (format && form.file !== format.files[0]) search.set("file", form.file);
  for (const [name, value] of Object.entries(form.filters))
    search.set(name, typeof value === "boolean" ? (value ? "1" : "0") : Array.isArray(value) ? value.join(",") : String(value));
  if (form.names) search.set("names", "1");
  if (form.openBlindQueues.length > 0) search.set("openBlind", form.openBlindQueues.join("\n"));
  return search;
}
