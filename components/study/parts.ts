/** Pages of a study beside its own, in the order in which its head links to them. One more: a line here. */
export const STUDY_PARTS: readonly { path: string; label: string }[] = [
  { path: "localisation", label: "First errors" },
  { path: "queues", label: "Judging" },
  { path: "datasets", label: "Data sets" },
  { path: "training", label: "Training" },
  { path: "compare/table", label: "Compare" },
  { path: "export", label: "Export" },
  { path: "publish", label: "Publish" },
];
