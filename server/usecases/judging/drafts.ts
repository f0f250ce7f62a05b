import { z } from "zod";
import type { Person } from "../../core/people";
import type { DraftView } from "../../core/views/judging";
import { InterveneError } from "../../errors";
import { findDraft, putDraft } from "../../store/judging/drafts";
import type { Deps } from "../deps";
import { itemOf } from "./find";

/** Most characters of a draft, as JSON: a rewritten step is a few thousand. */
const MOST = 100_000;

export const saveDraftSchema = z.object({
  item: z.uuid(),
  /** The page's own; null throws it away. */
  body: z.record(z.string(), z.json()).nullable(),
  /** That of the draft which the page has; 0 when there was none. */
  version: z.number().int().min(0),
});

export type SavedDraft =
  | { saved: true; draft: DraftView }
  /** Another tab has written meanwhile: its draft, and nothing was changed. */
  | { saved: false; draft: DraftView; why: string };

/**
 * Keep a draft. A page that does not have the newest version changes nothing and is given it instead.
 * @throws InterveneError("not_found" | "bad_input")
 */
export async function saveDraft(
  deps: Pick<Deps, "pool">,
  input: z.infer<typeof saveDraftSchema> & { person: Person },
): Promise<SavedDraft> {
  const { item: itemId, body, version, person } = input;
  if (JSON.stringify(body).length > MOST)
    throw new InterveneError("bad_input", `A draft has at most ${MOST.toLocaleString("en")} characters: shorten the text.`);
  const row = await itemOf(deps, itemId, person.id);
  const draft = await putDraft(deps.pool, { itemId: row.id, personId: person.id, body, version });
  if (draft !== null) return { saved: true, draft };
  const now = await findDraft(deps.pool, itemId, person.id);
  if (now === null)
    throw new InterveneError("conflict", "There is no draft of this item any more: it was thrown away in another tab.");
  const why =
    now.body === null
      ? "In another tab this item was decided, or its draft thrown away."
      : "Another tab has changed this draft meanwhile.";
  return { saved: false, draft: now, why };
}
