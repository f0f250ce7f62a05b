import { QUEUE_CAP } from "../../core/judging/source";
import type { Selection } from "../../core/lists/selection";
import type { Person } from "../../core/people";
import { InterveneError } from "../../errors";
import { addItems } from "../../store/judging/add-items";
import type { Deps } from "../deps";
import { queueOf } from "../judging/find";
import { questionOfSelection } from "./question";

/**
 * Put chosen attempts or proposals into a queue that is open. Rows that it has already stay as they are; what a person is still
 * to judge blind is not among what they can choose.
 * @throws InterveneError("not_found"); ("conflict") for a closed or full queue, or one of another study or kind.
 */
export async function addToQueue(
  deps: Pick<Deps, "pool">,
  input: { study: string; list: "attempts" | "proposals"; selection: Selection; queue: string },
  person: Person | null,
): Promise<{ added: number; had: number }> {
  const { queue: id, ...asked } = input;
  const queue = await queueOf(deps, id);
  const question = await questionOfSelection(deps, { ...asked, personId: person?.id ?? null });
  if (queue.studyId !== question.studyId)
    throw new InterveneError("conflict", `The queue “${queue.name}” belongs to the study “${queue.studyName}”, so rows of another study cannot stand in it.`);
  const result = await addItems(deps.pool, queue.id, question, { cap: QUEUE_CAP, by: person?.name ?? "", search: input.selection.search });
  if (!("refused" in result)) return result;
  throw new InterveneError(
    "conflict",
    {
      closed: `The queue “${queue.name}” is closed: open it again, or choose another one.`,
      subject: `In the queue “${queue.name}” attempts are judged, not proposals: choose attempts, or a queue of proposals.`,
      full: `The queue “${queue.name}” has ${result.items} items and these are ${result.found} more, but a queue holds at most ${QUEUE_CAP}: choose fewer.`,
    }[result.refused],
  );
}
