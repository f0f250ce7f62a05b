import type { Selection } from "../../core/lists/selection";
import type { ListName } from "../../core/lists/tables";
import type { Person } from "../../core/people";
import { addTag, removeTag } from "../../store/lists/tags";
import type { Deps } from "../deps";
import { questionOfSelection } from "./question";

/** Put a tag on rows, or take it off. @returns how many rows it changed. @throws InterveneError("not_found") */
export async function tagRows(
  deps: Pick<Deps, "pool">,
  input: { study: string; list: ListName; selection: Selection; tag: string; on: boolean },
  person: Person | null,
): Promise<{ changed: number }> {
  const { on, tag, ...asked } = input;
  const question = await questionOfSelection(deps, { ...asked, personId: person?.id ?? null });
  return { changed: on ? await addTag(deps.pool, question, tag, person?.name ?? "") : await removeTag(deps.pool, question, tag) };
}
