import { attemptsList } from "./attempts";
import type { Column, ListSpec } from "./column";
import { datasetsList } from "./datasets";
import { modelsList } from "./models";
import { problemsList } from "./problems";
import { proposalsList } from "./proposals";
import { runsList } from "./runs";

/** The lists of a study. The name is that of its page: /studies/S/<name>. */
export const LISTS = {
  problems: problemsList,
  attempts: attemptsList,
  proposals: proposalsList,
  runs: runsList,
  models: modelsList,
  datasets: datasetsList,
} as const;
export type ListName = keyof typeof LISTS;
export const LIST_NAMES = Object.keys(LISTS) as [ListName, ...ListName[]];

/** Ids of a list's columns. */
export type ColumnId<N extends ListName> = keyof (typeof LISTS)[N]["columns"] & string;

/** A list's columns, whichever list it is. */
export function specOf(name: ListName): ListSpec {
  return LISTS[name];
}

/** A column by its id; null for an id that is none. Ids come from addresses, so only a list's own are looked up. */
export function columnOf(name: ListName, id: string): Column | null {
  const { columns } = specOf(name);
  return Object.hasOwn(columns, id) ? (columns[id] ?? null) : null;
}
