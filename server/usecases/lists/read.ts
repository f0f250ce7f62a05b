import type { ListCount, ListPage } from "../../core/lists/cells";
import type { ChoiceSource } from "../../core/lists/column";
import { shownColumns } from "../../core/lists/query";
import { type ListName, specOf } from "../../core/lists/tables";
import { listChoices } from "../../store/lists/choices";
import { countList, listNeighbours, listPage } from "../../store/lists/list";
import type { Neighbours } from "../../core/views/attempts";
import { type PageDeps, studyOf } from "../pages/find";
import { type ListAsked, questionOf } from "./question";

const PAGE = 50;
/** Counting stops here, and the count is estimated from then on. */
const COUNT_CAP = 10_000;

/** One page of a list; the address also says where it stands (`after`, `before`). @throws InterveneError("not_found") */
export async function readList(deps: PageDeps, asked: ListAsked): Promise<ListPage> {
  const question = await questionOf(deps, asked);
  const search = new URLSearchParams(asked.search);
  const at = { after: search.get("after"), before: search.get("before") };
  return listPage(deps.pool, question, at, PAGE, shownColumns(asked.list, question.query));
}

/** How many rows a list's filters find. `exact`: counted whatever it takes. */
export async function readListCount(deps: PageDeps, asked: ListAsked & { exact: boolean }): Promise<ListCount> {
  return countList(deps.pool, await questionOf(deps, asked), asked.exact ? null : COUNT_CAP);
}

/** The attempts before and after one in a list of attempts. */
export async function readListNeighbours(deps: PageDeps, asked: Omit<ListAsked, "list"> & { attempt: string }): Promise<Neighbours> {
  return listNeighbours(deps.pool, await questionOf(deps, { ...asked, list: "attempts" }), asked.attempt);
}

export interface ListHead {
  study: { id: string; name: string };
  /** Values of the enums that only the study knows. */
  choices: Partial<Record<ChoiceSource, string[]>>;
}

/** What a list's page needs beside its rows. @throws InterveneError("not_found") */
export async function readListHead(deps: PageDeps, input: { study: string; list: ListName }): Promise<ListHead> {
  const { id, name } = await studyOf(deps, input.study);
  const sources = new Set(
    Object.values(specOf(input.list).columns).flatMap((c) => (typeof c.options === "string" && c.filter === true ? [c.options] : [])),
  );
  const found = await Promise.all([...sources].map(async (source) => [source, await listChoices(deps.pool, id, source)] as const));
  return { study: { id, name }, choices: Object.fromEntries(found) };
}
