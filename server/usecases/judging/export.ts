import { type DecisionFormat, headOf, lineOf } from "../../core/judging/export";
import { pageDecisions } from "../../store/judging/export";
import type { PageDeps } from "../pages/find";
import { queueOf } from "./find";

const PAGE = 500;

/**
 * The decisions of a queue as a file, in pieces. @returns its name and its text.
 * @throws InterveneError("not_found") before the first piece.
 */
export async function exportDecisions(
  deps: PageDeps,
  input: { queue: string; format: DecisionFormat; personId: string | null },
): Promise<{ name: string; pieces: AsyncGenerator<string> }> {
  const queue = await queueOf(deps, input.queue);
  const stem = `${queue.studyName} ${queue.name}`.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "") || "queue";
  return { name: `${stem}-decisions.${input.format}`, pieces: pieces(deps, queue.id, input) };
}

async function* pieces(
  deps: PageDeps,
  queueId: string,
  { format, personId }: { format: DecisionFormat; personId: string | null },
): AsyncGenerator<string> {
  const head = headOf(format);
  if (head !== "") yield head;
  let after: { at: string; id: string } | null = null;
  do {
    const page = await pageDecisions(deps.pool, { queueId, personId, after, limit: PAGE });
    if (page.records.length > 0) yield page.records.map((r) => lineOf(r, format)).join("");
    after = page.last;
  } while (after !== null);
}
