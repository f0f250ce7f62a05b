import { listSpec, TAGS } from "./column";

/** Problems of a study. Attempts counted are those of the study's sampling and imports, not of evaluations. */
export const problemsList = listSpec({
  title: "Problems",
  one: "problem",
  many: "problems",
  sort: { id: "problem", desc: false },
  lead: "problem",
  columns: {
    problem: { label: "Problem", type: "id", show: "statement", sort: true, filter: true, shown: true, width: 24 },
    key: { label: "Key", about: "The source's own id of the problem.", type: "text", show: "mono", sort: true, filter: true },
    statement: { label: "Statement", type: "text", show: "text", filter: true, hidden: true },
    answer: { label: "Answer", type: "text", show: "mono", filter: true, shown: true, width: 9 },
    set: { label: "Set", type: "enum", show: "text", filter: true, options: "sets", shown: true },
    level: { label: "Level", type: "enum", show: "text", sort: true, filter: true, options: "levels", nullable: true, shown: true, width: 6 },
    reference: { label: "Reference by", type: "text", show: "text", filter: true, nullable: true },
    attempts: { label: "Attempts", type: "number", show: "count", sort: true, filter: true, shown: true, end: true, width: 6 },
    graded: { label: "Graded", type: "number", show: "count", sort: true, filter: true, end: true, width: 6 },
    right: { label: "Right", type: "number", show: "rate", sort: true, filter: true, shown: true, end: true, width: 7 },
    passRate: {
      label: "Pass rate",
      about: "Right answers over graded ones.",
      type: "number",
      show: "share",
      sort: true,
      filter: true,
      nullable: true,
      shown: true,
      end: true,
      width: 7,
    },
    among: { label: "Among", about: "What a figure of the interventions page is made of, as it links them.", type: "text", show: "text", filter: true, hidden: true },
    tag: TAGS,
  },
});
