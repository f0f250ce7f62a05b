import { listSpec, TAGS } from "./column";

/** Models of a study: bases, what was trained from them, and those whose answers were imported. */
export const modelsList = listSpec({
  title: "Models",
  one: "model",
  many: "models",
  sort: { id: "added", desc: false },
  lead: "name",
  columns: {
    name: { label: "Model", type: "text", show: "link", sort: true, filter: true, shown: true, width: 14 },
    served: { label: "Served", about: "An inference server knows it.", type: "boolean", show: "yes", sort: true, filter: true, shown: true, width: 6 },
    servedName: { label: "Served as", type: "text", show: "mono", sort: true, filter: true, nullable: true },
    parent: { label: "Trained from", type: "enum", show: "link", sort: true, filter: true, options: "models", nullable: true, shown: true, width: 10 },
    training: {
      label: "Training",
      type: "enum",
      show: "link",
      sort: true,
      filter: true,
      nullable: true,
      options: [
        ["sft", "SFT"],
        ["grpo", "GRPO"],
      ],
      shown: true,
      width: 7,
    },
    dataset: { label: "Data set", about: "What it was trained on.", type: "text", show: "link", sort: true, filter: true, nullable: true, shown: true, width: 10 },
    attempts: { label: "Attempts", about: "From its runs' counters.", type: "number", show: "count", sort: true, filter: true, shown: true, end: true, width: 7 },
    evaluations: { label: "Evaluations", about: "Evaluation runs of it.", type: "number", show: "link", sort: true, filter: true, shown: true, end: true, width: 7 },
    added: { label: "Added", type: "date", show: "moment", sort: true, filter: true, shown: true, width: 10 },
    tag: TAGS,
  },
});
