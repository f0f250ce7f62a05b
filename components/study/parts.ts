/** Pages of a study beside its own, in the order in which its head links to them. One more: a line here. */
export const STUDY_PARTS: readonly { path: string; label: string }[] = [{ path: "datasets", label: "data sets" }];
