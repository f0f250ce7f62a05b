import { SOURCE_LABEL, SOURCES } from "../datasets/sources";
import { listSpec, TAGS } from "./column";

/** Data sets of a study. */
export const datasetsList = listSpec({
  title: "Data sets",
  one: "data set",
  many: "data sets",
  sort: { id: "added", desc: true },
  lead: "name",
  columns: {
    name: { label: "Name", type: "text", show: "link", sort: true, filter: true, shown: true, width: 14 },
    from: { label: "Source", type: "enum", show: "word", sort: true, filter: true, options: SOURCES.map((s) => [s, SOURCE_LABEL[s]] as const), shown: true, width: 8 },
    state: {
      label: "State",
      type: "enum",
      show: "state",
      sort: true,
      filter: true,
      options: [
        ["building", "building"],
        ["ready", "ready"],
        ["failed", "failed"],
        ["cancelled", "cancelled"],
      ],
      shown: true,
      width: 9,
    },
    rows: { label: "Rows", type: "number", show: "count", sort: true, filter: true, shown: true, end: true, width: 6 },
    tokens: { label: "Tokens", about: "Of the completions, under the base model's tokenizer.", type: "number", show: "count", sort: true, filter: true, nullable: true, shown: true, end: true, width: 7 },
    model: { label: "Base model", type: "enum", show: "text", sort: true, filter: true, options: "models", nullable: true, shown: true, width: 10 },
    trained: { label: "Trainings", about: "Trainings on it.", type: "number", show: "count", sort: true, filter: true, end: true, width: 6 },
    digest: { label: "Digest", type: "text", show: "mono", filter: true, nullable: true, shown: true, width: 8 },
    message: { label: "Message", type: "text", show: "text", filter: true, nullable: true, width: 14 },
    added: { label: "Created", type: "date", show: "moment", sort: true, filter: true, shown: true, width: 10 },
    tag: TAGS,
  },
});
