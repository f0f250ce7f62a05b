import { STAGES } from "../arms";
import { RUN_STATES } from "../run-state";
import { listSpec, TAGS } from "./column";

/** Runs of a study: stages of recipes, and tasks. */
export const runsList = listSpec({
  title: "Runs",
  one: "run",
  many: "runs",
  sort: { id: "added", desc: true },
  lead: "run",
  columns: {
    run: { label: "Run", type: "id", show: "link", filter: true, shown: true, width: 10 },
    stage: { label: "Stage", type: "enum", show: "text", sort: true, filter: true, options: STAGES.map((s) => [s, s] as const), shown: true, width: 7 },
    recipe: { label: "Recipe", type: "text", show: "text", filter: true, nullable: true, shown: true, width: 8 },
    pipeline: { label: "Pipeline", about: "The recipe started once that it belongs to.", type: "id", show: "link", filter: true, hidden: true },
    model: { label: "Model", type: "enum", show: "text", sort: true, filter: true, options: "models", nullable: true, shown: true, width: 10 },
    state: { label: "State", type: "enum", show: "state", sort: true, filter: true, options: RUN_STATES.map((s) => [s, s] as const), shown: true, width: 7 },
    done: { label: "Done", about: "Rows made.", type: "number", show: "count", sort: true, filter: true, shown: true, end: true, width: 7 },
    total: { label: "Of", about: "Rows it is to make, as far as known.", type: "number", show: "count", sort: true, filter: true, shown: true, end: true, width: 7 },
    failed: { label: "Failed", about: "Rows that will not be made.", type: "number", show: "count", sort: true, filter: true, shown: true, end: true, width: 6 },
    message: { label: "Message", type: "text", show: "text", filter: true, nullable: true, width: 16 },
    evaluation: { label: "Evaluation", about: "It measures a model and makes no training rows.", type: "boolean", show: "yes", filter: true, width: 6 },
    seconds: { label: "Seconds", about: "From its start to its end.", type: "number", show: "count", sort: true, filter: true, nullable: true, end: true, width: 6 },
    started: { label: "Started", type: "date", show: "moment", sort: true, filter: true, nullable: true, width: 10 },
    ended: { label: "Ended", type: "date", show: "moment", sort: true, filter: true, nullable: true, width: 10 },
    added: { label: "Added", type: "date", show: "moment", sort: true, filter: true, shown: true, width: 10 },
    tag: TAGS,
  },
});
