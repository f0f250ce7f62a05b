import { parseQuery } from "../../core/lists/query";
import type { Selection } from "../../core/lists/selection";
import type { ListName } from "../../core/lists/tables";
import type { ListQuestion } from "../../store/lists/list";
import { type PageDeps, studyOf } from "../pages/find";

/** A list of a study as somebody asks for it: the address says the question. */
export interface ListAsked {
  /** Name or id. */
  study: string;
  list: ListName;
  search: string;
  /** Who asks: what they are still to judge blind is left out. */
  personId: string | null;
}

/** @throws InterveneError("not_found") */
export async function questionOf(deps: PageDeps, { study, list, search, personId }: ListAsked): Promise<ListQuestion> {
  const { id } = await studyOf(deps, study);
  return { list, studyId: id, query: parseQuery(list, new URLSearchParams(search)), judge: personId };
}

/** The question of a selection's rows. @throws InterveneError("not_found") */
export async function questionOfSelection(
  deps: PageDeps,
  { selection, ...asked }: Omit<ListAsked, "search"> & { selection: Selection },
): Promise<ListQuestion> {
  const question = await questionOf(deps, { ...asked, search: selection.search });
  return { ...question, chosen: selection.kind === "ticked" ? { ids: selection.ids, except: [] } : { ids: null, except: selection.except } };
}
