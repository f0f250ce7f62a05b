import { z } from "zod";
import { ATTEMPT_OF, findBlindQueue } from "../../store/judging/blind";
import type { PageDeps } from "../pages/find";

const KINDS = Object.keys(ATTEMPT_OF) as (keyof typeof ATTEMPT_OF)[];
const named = z.partialRecord(z.enum(KINDS as [keyof typeof ATTEMPT_OF]), z.uuid());

/**
 * Why a person may not open the study's own pages of an attempt: they have begun to judge in a queue that hides something, and this
 * attempt is still to do for them. Null when they may. Judges are served by the queue, which knows what they may see.
 *
 * (It holds for people by name. Who leaves their name can read the open pages; there are no passwords here.)
 *
 * @param input a request; whatever in it names an attempt is looked at.
 */
export async function whyBlind(deps: PageDeps, input: unknown, personId: string | null): Promise<string | null> {
  if (personId === null || typeof input !== "object" || input === null) return null;
  const given = named.safeParse(Object.fromEntries(Object.entries(input).filter(([key]) => (KINDS as string[]).includes(key))));
  if (!given.success) return null; // the procedure's own schema says what is wrong
  for (const of of KINDS) {
    const id = given.data[of];
    if (id === undefined) continue;
    const queue = await findBlindQueue(deps.pool, { of, id, personId });
    if (queue !== null)
      return `You are judging this attempt blind in the queue “${queue}”, and have not decided it yet. Decide it there first; then this page opens.`;
  }
  return null;
}
