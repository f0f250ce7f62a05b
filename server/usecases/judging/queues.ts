import { z } from "zod";
import { DEFAULT_LABELS, labelSchema, labelsFrozen, sameLabels } from "../../core/judging/labels";
import { goldSchema, goldWanted, QUEUE_CAP, queueSourceSchema } from "../../core/judging/source";
import type { Person } from "../../core/people";
import { randomStream } from "../../core/seeds";
import type { QueueCard, QueuePreview, QueueView } from "../../core/views/judging";
import { InterveneError } from "../../errors";
import { insertQueue, type NewQueueItem } from "../../store/judging/create-queue";
import { type CardRow, countDecisions, listQueueCards, setClosed, updateQueue } from "../../store/judging/queues";
import { countSource, type GoldRow, listGold, listGoldSources, listSource, type SourceRow } from "../../store/judging/source";
import type { Deps } from "../deps";
import { type PageDeps, studyOf } from "../pages/find";
import { queueOf } from "./find";

/** What is chosen of a queue's items. */
export const queueItemsSchema = z.object({
  /** Name or id. */
  study: z.string(),
  subject: z.enum(["attempt", "proposal"]),
  source: queueSourceSchema.prefault({}),
  gold: goldSchema.prefault({}),
});
export type QueueItems = z.infer<typeof queueItemsSchema>;

export const newQueueSchema = queueItemsSchema.extend({
  name: z.string().trim().min(1, "A queue needs a name.").max(120),
  instructions: z.string().max(20_000).default(""),
  schema: labelSchema.default(DEFAULT_LABELS),
  judges: z.number().int().min(1).max(5).default(1),
  blind: z.boolean().default(true),
  hideProposal: z.boolean().default(false),
  hideOutcomes: z.boolean().default(true),
  /** Silence after which a reserved item is free again. */
  leaseSeconds: z.number().int().min(30).max(3600).default(300),
});
export type NewQueueInput = z.infer<typeof newQueueSchema>;

/** What a choice of items would make of a study as it stands. @throws InterveneError("not_found") */
export async function previewQueue(deps: PageDeps, input: QueueItems): Promise<QueuePreview> {
  const study = await studyOf(deps, input.study);
  const of = { studyId: study.id, subject: input.subject, source: input.source };
  const [{ count }, made, goldSources] = await Promise.all([
    countSource(deps.pool, { ...of, cap: QUEUE_CAP }),
    chooseItems(deps, study.id, input),
    listGoldSources(deps.pool, study.id, input.subject),
  ]);
  const { source } = input.gold;
  return {
    matches: Math.min(count, QUEUE_CAP),
    more: count > QUEUE_CAP,
    items: made.items.length,
    problems: made.problems,
    gold: made.items.filter((i) => i.gold !== null).length,
    goldAvailable: goldSources.reduce((n, s) => n + (source === undefined || source === s.source ? s.attempts : 0), 0),
    goldSources,
    notes: made.notes,
  };
}

/**
 * Make a queue of what a filter finds now: its items stay as they are, whatever is added to the study later.
 * @throws InterveneError("not_found" | "bad_input" | "conflict")
 */
export async function createQueue(
  deps: Pick<Deps, "pool">,
  input: NewQueueInput,
  person: Person | null,
): Promise<{ id: string; items: number; notes: string[] }> {
  const study = await studyOf(deps, input.study);
  const proposals = input.subject === "proposal";
  if (!proposals || input.hideProposal) {
    const useless = input.schema.actions.filter((a) => a === "accept" || a === "reject");
    if (useless.length === input.schema.actions.length)
      throw new InterveneError(
        "bad_input",
        "Judges could say nothing: accepting and rejecting need a proposal that is shown. Choose other actions too.",
      );
  }
  const { items, notes } = await chooseItems(deps, study.id, input);
  if (items.length === 0)
    throw new InterveneError(
      "bad_input",
      `The filter finds no ${input.subject} of the study “${study.name}”, so the queue would be empty: widen it.`,
    );
  const { name, subject, instructions, schema, judges, blind, hideProposal, hideOutcomes, leaseSeconds } = input;
  const id = await insertQueue(
    deps.pool,
    {
      studyId: study.id,
      name,
      subject,
      instructions,
      schema,
      judges,
      blind,
      hideProposal,
      hideOutcomes,
      leaseSeconds,
      filter: { source: input.source, gold: input.gold },
      createdBy: person?.name ?? "",
    },
    items,
  );
  if (id === null)
    throw new InterveneError("conflict", `The study “${study.name}” has a queue called “${name}” already: choose another name.`);
  return { id, items: items.length, notes };
}

/** The items in their order, gold mixed in. The same choice of the same rows makes the same queue. */
async function chooseItems(
  deps: PageDeps,
  studyId: string,
  { subject, source, gold }: Pick<QueueItems, "subject" | "source" | "gold">,
): Promise<{ items: NewQueueItem[]; problems: number; notes: string[] }> {
  const notes: string[] = [];
  const rows = await listSource(deps.pool, { studyId, subject, source, limit: QUEUE_CAP });
  if (source.sample && rows.length < source.sample.size)
    notes.push(`The filter finds ${rows.length}, fewer than the ${source.sample.size} asked for: all of them are taken.`);
  const random = randomStream(source.seed);
  const plain = source.order === "shuffled" ? shuffled(rows, random) : rows;
  const wanted = goldWanted(plain.length, gold.share);
  const chosen = wanted === 0 ? [] : await listGold(deps.pool, { studyId, subject, source: gold.source, seed: source.seed, limit: wanted + plain.length });
  const known = new Map(chosen.map((g) => [keyOf(g), g]));
  const there = new Set(plain.map(keyOf));
  // Labelled attempts that are in the queue anyway serve only when there are not enough beside them.
  const beside = chosen.filter((g) => !there.has(keyOf(g))).slice(0, wanted);
  const among = new Set(chosen.filter((g) => there.has(keyOf(g))).slice(0, wanted - beside.length).map(keyOf));
  const have = beside.length + among.size;
  if (have < wanted)
    notes.push(
      have === 0
        ? "No labelled attempts can serve as gold here: import labels, or run the lab, whose generator labels its attempts."
        : `Only ${have} labelled ${have === 1 ? "attempt" : "attempts"} can serve as gold, not the ${wanted} asked for.`,
    );
  const items: NewQueueItem[] = plain.map((row) => item(row, among.has(keyOf(row)) ? known.get(keyOf(row)) : undefined));
  for (const g of beside) items.splice(Math.floor(random() * (items.length + 1)), 0, item(g, g));
  const problems = new Set([...plain, ...beside].map((r) => r.problemId)).size;
  return { items: items.slice(0, QUEUE_CAP), problems, notes };
}

const keyOf = (row: SourceRow) => row.proposalId ?? row.attemptId;

function item(row: SourceRow, gold: GoldRow | undefined): NewQueueItem {
  return {
    attemptId: row.attemptId,
    proposalId: row.proposalId,
    gold: gold === undefined ? null : { firstError: gold.firstError, source: gold.source },
  };
}

/** Fisher and Yates' shuffle. */
function shuffled<T>(rows: readonly T[], random: () => number): T[] {
  const out = [...rows];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [out[i], out[j]] = [out[j] as T, out[i] as T];
  }
  return out;
}

/** Queues of a study, newest first. @throws InterveneError("not_found") */
export async function listQueues(deps: PageDeps, input: { study: string; person: Person | null }): Promise<QueueCard[]> {
  const study = await studyOf(deps, input.study);
  return (await listQueueCards(deps.pool, { studyId: study.id }, input.person?.id ?? null)).map(card);
}

/** @throws InterveneError("not_found") */
export async function readQueue(deps: PageDeps, input: { queue: string; person: Person | null }): Promise<QueueView> {
  const queue = await queueOf(deps, input.queue);
  const [cards, decisions] = await Promise.all([
    listQueueCards(deps.pool, { queueId: queue.id }, input.person?.id ?? null),
    countDecisions(deps.pool, queue.id),
  ]);
  const row = cards[0];
  if (row === undefined) throw new InterveneError("not_found", `There is no queue ${input.queue}.`);
  const { source, gold } = queue.filter;
  const hides = queue.closedAt === null && (queue.blind || queue.hideProposal || queue.hideOutcomes);
  const tells = !hides || (input.person !== null && input.person.name === queue.createdBy);
  return {
    ...card(row),
    study: { id: queue.studyId, name: queue.studyName },
    instructions: queue.instructions,
    schema: labelSchema.parse(queue.schema),
    frozen: labelsFrozen(decisions),
    leaseSeconds: queue.leaseSeconds,
    source: tells ? queueSourceSchema.parse(source) : null,
    gold: tells ? goldSchema.parse(gold) : null,
  };
}

function card({ mineVotes, mineLeft, ...row }: CardRow): QueueCard {
  return { ...row, mine: { votes: mineVotes, left: mineLeft } };
}

export const editQueueSchema = z.object({
  queue: z.uuid(),
  instructions: z.string().max(20_000).optional(),
  schema: labelSchema.optional(),
});

/** @throws InterveneError("conflict") when labels are to be changed under which something was decided. */
export async function editQueue(deps: Pick<Deps, "pool">, input: z.infer<typeof editQueueSchema>): Promise<null> {
  const queue = await queueOf(deps, input.queue);
  // Labels that are the same stay as they are, so that a page may send its whole form.
  const schema = input.schema === undefined || sameLabels(queue.schema, input.schema) ? undefined : input.schema;
  if (!(await updateQueue(deps.pool, queue.id, { instructions: input.instructions, schema })))
    throw new InterveneError("conflict", labelsFrozen(await countDecisions(deps.pool, queue.id)) ?? "The queue was deleted.");
  return null;
}

/** Close a queue, or open it again. */
export async function closeQueue(deps: Pick<Deps, "pool">, input: { queue: string; closed: boolean }): Promise<null> {
  const queue = await queueOf(deps, input.queue);
  await setClosed(deps.pool, queue.id, input.closed);
  return null;
}
