"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { Activity, useCallback, useState } from "react";
import { ChooseName } from "@/app/people/choose-name";
import { useTRPC } from "@/app/trpc/client";
import { KeySheet } from "@/components/judging/key-sheet";
import { decisionWords } from "@/components/judging/words";
import { ModelText } from "@/components/text/model-text";
import { Disclosure } from "@/components/ui/disclosure";
import { count, plural } from "@/components/ui/format";
import { Message } from "@/components/ui/message";
import { Page } from "@/components/ui/page";
import type { Me } from "@/server/core/people";
import type { QueueView } from "@/server/core/views/judging";
import { queueCrumbs } from "../crumbs";
import { ItemScreen } from "./item-screen";
import { LeaseMark } from "./lease-mark";
import { NothingHere } from "./nothing-here";
import { Notices } from "./notices";
import { useJudgeKeys } from "./use-judge-keys";
import { useLease } from "./use-lease";
import { useSession } from "./use-session";

/** Judging, one item after the other. */
export function JudgeView({ queue: id }: { queue: string }) {
  const trpc = useTRPC();
  const queue = useQuery(trpc.queues.get.queryOptions({ queue: id }, { meta: { fixed: true }, staleTime: 60_000 }));
  const me = useQuery(trpc.people.me.queryOptions(undefined, { meta: { fixed: true }, staleTime: 60_000 }));
  if (queue.data === undefined || me.data === undefined)
    return (
      <Page>{(queue.error ?? me.error) && <Message tone="error">{(queue.error ?? me.error)?.message}</Message>}</Page>
    );
  if (me.data === null)
    return (
      <Page crumbs={queueCrumbs(queue.data)}>
        <h1 className="mb-3 text-2xl">{queue.data.name}</h1>
        <p className="mb-4 max-w-prose text-soft">
          Before you judge, say who you are: decisions are kept under your name. There is no password.
        </p>
        <ChooseName />
      </Page>
    );
  return <AtWork key={me.data.id} queue={queue.data} me={me.data} />;
}

function AtWork({ queue, me }: { queue: QueueView; me: Me }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const session = useSession(queue.id, me.id);
  const ends = useLease(session, queue.leaseSeconds);
  const [sheet, setSheet] = useState(false);
  const [said, setSaid] = useState("");
  const announce = useCallback((words: string) => setSaid(words), []);
  const move = useMutation(
    trpc.people.setKeys.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: trpc.people.me.queryKey() }),
    }),
  );
  const current = session.items[0];
  const { last } = session;
  const lastWords = last === null ? "" : `Item ${last.number}: ${decisionWords(last.decision, queue.schema)}.`;
  const keySheet = (
    <KeySheet
      open={sheet}
      onOpenChange={setSheet}
      moved={me.keys}
      saving={move.isPending}
      error={move.error?.message ?? null}
      onMove={(keys) => move.mutate({ keys })}
    />
  );
  return (
    <Page wide crumbs={[...queueCrumbs(queue), { label: "judge", href: `${queueCrumbs(queue).at(-1)?.href}/judge` }]}>
      <div data-item={current?.id ?? ""} data-testid="judging" data-sending={session.sending}>
        <div className="mb-2 flex flex-wrap items-baseline gap-x-4 gap-y-1 text-sm">
          <h1 className="font-serif text-lg font-semibold">{queue.name}</h1>
          <Progress left={session.left} votes={queue.mine.votes} />
          {current !== undefined && <LeaseMark ends={ends} lost={session.lost.has(current.id)} />}
          <span className="text-faint" data-testid="last">
            {lastWords}
            {session.sending > 1 && ` ${session.sending} decisions are on their way.`}
          </span>
        </div>
        <p aria-live="polite" className="sr-only">
          {said !== "" && last === null
            ? said
            : `${lastWords} ${current === undefined ? "" : `Item ${current.number} is shown.`}`}
        </p>
        {session.away && (
          <Message tone="uncertainty">
            The connection is lost. Go on:{" "}
            {session.sending === 0
              ? "what you decide and write is kept in this browser"
              : `${plural(session.sending, "decision")} kept in this browser ${session.sending === 1 ? "is" : "are"} sent when it is back`}
            .
          </Message>
        )}
        <Notices of={session.notices} onDismiss={session.dismiss} />
        {queue.instructions !== "" && (
          <Disclosure title="Instructions" open={queue.mine.votes === 0}>
            <div className="max-w-prose">
              <ModelText text={queue.instructions} small />
            </div>
          </Disclosure>
        )}
        {current !== undefined && session.lost.has(current.id) && (
          <Message
            tone="uncertainty"
            action={
              <span className="flex flex-wrap gap-3">
                <button type="button" className="underline" onClick={() => session.holdAgain(current)}>
                  Take it up again
                </button>
                <button type="button" className="underline" onClick={() => session.leave(current)}>
                  Go on to another
                </button>
              </span>
            }
          >
            {session.lost.get(current.id)} What you wrote is kept.
          </Message>
        )}
        {session.items.slice(0, 2).map((item, i) => (
          <Activity key={item.id} mode={i === 0 ? "visible" : "hidden"}>
            <ItemScreen
              item={item}
              queue={queue}
              me={me}
              session={session}
              lost={session.lost.has(item.id)}
              sheet={sheet}
              onHelp={() => setSheet(true)}
              help={i === 0 ? keySheet : null}
              announce={announce}
            />
          </Activity>
        ))}
        {current === undefined && (
          <>
            <OnlyUndo me={me} undo={session.undo} help={() => setSheet(true)} />
            <NothingHere session={session} queue={queue} help={keySheet} />
          </>
        )}
      </div>
      {session.left === 0 && current === undefined && (
        <p className="mt-6">
          <Link href={queueCrumbs(queue).at(-1)?.href ?? "/"}>Progress and agreement of this queue</Link>
        </p>
      )}
    </Page>
  );
}

/** Without an item only two keys mean something. */
function OnlyUndo({ me, undo, help }: { me: Me; undo: () => void; help: () => void }) {
  useJudgeKeys(me.keys, { act: (action) => (action === "undo" ? undo() : action === "help" ? help() : undefined) });
  return null;
}

function Progress({ left }: { left: number | null; votes: number }) {
  if (left === null) return null;
  return (
    <span className="text-soft tabular-nums">
      {left === 0 ? "nothing left for you" : `${count(left)} left for you`}
    </span>
  );
}
