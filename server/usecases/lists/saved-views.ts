import { checkedQuery, listQuerySchema, parseQuery, searchOfQuery } from "../../core/lists/query";
import type { ListName } from "../../core/lists/tables";
import type { Person } from "../../core/people";
import { InterveneError } from "../../errors";
import { deleteSavedView, insertSavedView, listSavedViews } from "../../store/lists/views";
import type { Deps } from "../deps";
import { type PageDeps, studyOf } from "../pages/find";

/** A question that was kept under a name, for everybody. */
export interface SavedView {
  id: string;
  name: string;
  /** As an address says it. */
  search: string;
  createdBy: string;
  createdAt: Date;
}

/** Saved views of a list, by name. What a list no longer has is left out of them. @throws InterveneError("not_found") */
export async function readSavedViews(deps: PageDeps, input: { study: string; list: ListName }): Promise<SavedView[]> {
  const study = await studyOf(deps, input.study);
  return (await listSavedViews(deps.pool, study.id, input.list)).map(({ query, ...view }) => {
    const read = listQuerySchema.safeParse(query);
    return { ...view, search: read.success ? searchOfQuery(input.list, checkedQuery(input.list, read.data)).toString() : "" };
  });
}

/** Keep what an address asks. @throws InterveneError("not_found"); ("conflict") for a name that is taken, unless it is to be replaced. */
export async function saveView(
  deps: Pick<Deps, "pool">,
  input: { study: string; list: ListName; name: string; search: string; replace: boolean },
  person: Person | null,
): Promise<{ id: string }> {
  const study = await studyOf(deps, input.study);
  const { list, name, replace } = input;
  const query = parseQuery(list, new URLSearchParams(input.search));
  const id = await insertSavedView(deps.pool, { studyId: study.id, list, name, query, createdBy: person?.name ?? "", replace });
  if (id === null)
    throw new InterveneError("conflict", `This list has a saved view called “${name}” already: choose another name, or replace it.`);
  return { id };
}

/** @throws InterveneError("not_found") */
export async function removeView(deps: Pick<Deps, "pool">, input: { study: string; view: string }): Promise<null> {
  const study = await studyOf(deps, input.study);
  if (!(await deleteSavedView(deps.pool, study.id, input.view)))
    throw new InterveneError("not_found", "This saved view is not there any more: somebody has removed it.");
  return null;
}
