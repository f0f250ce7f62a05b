import type pg from "pg";
import { v7 as uuid } from "uuid";
import type { LabelSchema } from "../../core/judging/labels";
import type { GoldChoice, QueueSource } from "../../core/judging/source";
import type { QueueSubject } from "../../core/views/judging";
import { notifyLive } from "../notify";
import { inTransaction } from "../transaction";

export interface NewQueue {
  studyId: string;
  name: string;
  subject: QueueSubject;
  instructions: string;
  schema: LabelSchema;
  judges: number;
  blind: boolean;
  hideProposal: boolean;
  hideOutcomes: boolean;
  leaseSeconds: number;
  filter: { source: QueueSource; gold: GoldChoice };
  createdBy: string;
}

export interface NewQueueItem {
  attemptId: string;
  proposalId: string | null;
  gold: { firstError: number | null; source: string } | null;
}

/** A queue with its items in the order given. @returns its id, or null when the study has one of this name. */
export function insertQueue(pool: pg.Pool, q: NewQueue, items: readonly NewQueueItem[]): Promise<string | null> {
  return inTransaction(pool, async (tx) => {
    const made = await tx.query<{ id: string }>(
      `INSERT INTO queue (id, study_id, name, subject, instructions, schema, judges, blind, hide_proposal, hide_outcomes,
                          lease_seconds, filter, created_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (study_id, name) DO NOTHING RETURNING id`,
      [
        uuid(),
        q.studyId,
        q.name,
        q.subject,
        q.instructions,
        JSON.stringify(q.schema),
        q.judges,
        q.blind,
        q.hideProposal,
        q.hideOutcomes,
        q.leaseSeconds,
        JSON.stringify(q.filter),
        q.createdBy,
      ],
    );
    const id = made.rows[0]?.id;
    if (id === undefined) return null;
    await tx.query(
      `INSERT INTO queue_item (id, queue_id, ordinal, attempt_id, proposal_id, gold)
       SELECT n.id, $1, n.ordinal, n.attempt_id, n.proposal_id, n.gold::jsonb
       FROM unnest($2::uuid[], $3::int[], $4::uuid[], $5::uuid[], $6::text[]) AS n (id, ordinal, attempt_id, proposal_id, gold)`,
      [
        id,
        // Ids of version 4 would do as well; those of version 7 would tell the order in which items were put in.
        items.map(() => crypto.randomUUID()),
        items.map((_, i) => i),
        items.map((i) => i.attemptId),
        items.map((i) => i.proposalId),
        items.map((i) => (i.gold === null ? null : JSON.stringify(i.gold))),
      ],
    );
    await notifyLive(tx, { studyId: q.studyId, kind: "study" });
    return id;
  });
}
