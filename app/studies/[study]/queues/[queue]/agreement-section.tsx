"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { useTRPC } from "@/app/trpc/client";
import {
  AllAgreement,
  GoldTable,
  ModelScore,
  PairsTable,
  pairId,
  raterWords,
} from "@/components/judging/agreement-tables";
import { ConfusionMatrix } from "@/components/localisation/confusion-matrix";
import { plural } from "@/components/ui/format";
import { Message } from "@/components/ui/message";
import { Section } from "@/components/ui/section";
import type { PairView, QueueView } from "@/server/core/views/judging";

/** How far judges agree: together, by pair, with the model, and with what is known. */
export function AgreementSection({ queue }: { queue: QueueView }) {
  const trpc = useTRPC();
  const read = useQuery(trpc.queues.agreement.queryOptions({ queue: queue.id }, { refetchInterval: 30_000 }));
  const [open, setOpen] = useState<string | null>(null);
  const a = read.data;
  const all = a === undefined ? [] : [...a.pairs, ...a.model, ...(a.settled === null ? [] : [a.settled])];
  return (
    <Section title="Agreement" note="on the step of the first error">
      {read.error !== null && <Message tone="error">{read.error.message}</Message>}
      {a === undefined ? (
        read.error === null && <p className="text-faint">Counting…</p>
      ) : (
        <div className="space-y-8">
          <AllAgreement of={a.all} />
          {a.notBlind > 0 && (
            <p className="text-sm text-faint">
              {plural(a.notBlind, "vote")} left out: given when others’ could have been seen already.
            </p>
          )}
          {all.length > 0 && (
            <div>
              <h3 className="mb-1 text-lg">By pair, and with the model</h3>
              <PairsTable caption="Agreement by pair" pairs={all} open={open} onOpen={setOpen} />
              <Opened pair={all.find((p) => pairId(p) === open) ?? null} />
            </div>
          )}
          {a.localisation !== null && (
            <div>
              <h3 className="mb-1 text-lg">The model against people</h3>
              <ModelScore model={a.localisation.model} baseline={a.localisation.baseline} />
              <p className="mt-1 max-w-prose text-sm text-faint">
                Against {plural(a.localisation.model.traces, "label")} that stand: settled, or said by all judges. By
                position alone: what drawing a step from where labels lie in attempts of that length would score.
              </p>
            </div>
          )}
          <div>
            <h3 className="mb-1 text-lg">Gold items</h3>
            {a.gold.length > 0 ? (
              <GoldTable scores={a.gold} />
            ) : (
              <p className="text-faint">
                {a.goldItems === 0
                  ? "This queue has none."
                  : `${plural(a.goldItems, "item")} of known answer, judged by nobody yet.`}
              </p>
            )}
          </div>
        </div>
      )}
    </Section>
  );
}

function Opened({ pair }: { pair: PairView | null }) {
  if (pair === null) return null;
  return (
    <div className="mt-4">
      <ConfusionMatrix
        of={pair.confusion}
        rows={raterWords(pair.a)}
        columns={raterWords(pair.b)}
        href={() => null}
        link={Link}
      />
    </div>
  );
}
