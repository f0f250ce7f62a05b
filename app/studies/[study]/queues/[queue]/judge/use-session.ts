"use client";
import { TRPCClientError } from "@trpc/client";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTRPCClient } from "@/app/trpc/client";
import type { Draft } from "@/components/judging/draft";
import type { DecisionInput } from "@/server/core/judging/decision";
import { NOT_AGAIN } from "@/server/core/judging/not-again";
import type { ItemView, NextItem } from "@/server/core/views/judging";
import { forget } from "./use-draft";
import { type Outgoing, takeOutbox, writeOutbox } from "./outbox";

/** The item on the screen and one ahead, so that a decision shows the next one at once. */
const HOLD = 2;
const RETRY_MS = 2_000;
/** Others hold what is left: ask again so often. */
const TAKEN_MS = 8_000;

export interface Notice {
  id: string;
  words: string;
  /** What had been written, so that it is not lost. */
  text: string | null;
}

export interface SessionState {
  /** The first is on the screen. */
  items: readonly ItemView[];
  why: NextItem["why"];
  left: number | null;
  /** Decisions on their way. */
  sending: number;
  /** The server does not answer. */
  away: boolean;
  busy: boolean;
  notices: readonly Notice[];
  /** The newest decision of this page, for the line that says so. */
  last: { number: number; decision: DecisionInput } | null;
  /** Items whose reservation is gone, and why. */
  lost: ReadonlyMap<string, string>;
}

export interface Session extends SessionState {
  decide: (item: ItemView, said: { decision: DecisionInput; draft: Draft; seconds: number; opened: string[] }) => void;
  undo: () => void;
  /** Take a lost item up again, if it is free. */
  holdAgain: (item: ItemView) => void;
  /** Give an item up and go on. */
  leave: (item: ItemView) => void;
  dismiss: (notice: string) => void;
  setLost: (item: string, why: string) => void;
  /** What was being written when a decision of the item was sent, should it come back. */
  bodyOf: (item: string) => Draft | null;
}

const START: SessionState = {
  items: [],
  why: null,
  left: null,
  sending: 0,
  away: false,
  busy: true,
  notices: [],
  last: null,
  lost: new Map(),
};

/** A judge at work on a queue: what is on the screen, what is ahead, and what is on its way to the server. */
export function useSession(queue: string, person: string): Session {
  const client = useTRPCClient();
  const [state, setState] = useState(START);
  const now = useRef(START);
  const outbox = useRef<Outgoing[]>([]);
  const bodies = useRef(new Map<string, Draft>());
  const flushing = useRef<Promise<void> | null>(null);
  const filling = useRef<Promise<void> | null>(null);
  const fillAgain = useRef<() => Promise<void>>(async () => {});
  const alive = useRef(true);

  const set = useCallback((change: Partial<SessionState>) => {
    now.current = { ...now.current, ...change };
    setState(now.current);
  }, []);
  const notice = useCallback(
    (words: string, text: string | null = null) =>
      set({ notices: [...now.current.notices, { id: crypto.randomUUID(), words, text }] }),
    [set],
  );
  /** Items that are not to come (again): those here, and those whose decision is on its way, but for the one that is being sent. */
  const ids = useCallback(
    (sent?: string) => [...now.current.items.map((i) => i.id), ...outbox.current.flatMap((o) => (o.item === sent ? [] : [o.item]))].slice(0, NOT_AGAIN),
    [],
  );
  const take = useCallback(
    (next: NextItem) => {
      const known = now.current.items.some((i) => i.id === next.item?.id);
      const items = next.item === null || known ? now.current.items : [...now.current.items, next.item];
      set({ items, left: next.left, why: items.length > 0 ? null : next.why });
    },
    [set],
  );

  /** Ask for items until there is one ahead. */
  const ask = useCallback(async () => {
    set({ busy: true });
    try {
      while (alive.current && now.current.items.length < HOLD) {
        const next = await client.queues.next.mutate({ queue, not: ids() });
        set({ away: false });
        take(next);
        if (next.item === null) break;
      }
    } catch (error) {
      if (isAway(error)) {
        set({ away: true });
        setTimeout(() => alive.current && void fillAgain.current(), RETRY_MS);
      } else notice(wordsOf(error));
    } finally {
      set({ busy: false });
    }
  }, [client, queue, set, take, notice, ids]);
  const fill = useCallback((): Promise<void> => {
    filling.current ??= ask().finally(() => {
      filling.current = null;
    });
    return filling.current;
  }, [ask]);
  fillAgain.current = fill;

  /** Send what waits, in its order. */
  const send = useCallback(async (): Promise<void> => {
    while (alive.current) {
      const entry = outbox.current[0];
      if (entry === undefined) break;
      const { clientKey, item, decision, seconds, opened } = entry;
      let refused: string | null = null;
      try {
        const wants = now.current.items.length < HOLD;
        const answer = await client.queues.decide.mutate({
          ...decision,
          item,
          clientKey,
          seconds,
          opened,
          next: wants,
          not: ids(item),
        });
        if (answer.next !== null) take(answer.next);
        bodies.current.delete(item);
        if (decision.action !== "skip") forget(person, item);
      } catch (error) {
        if (isAway(error)) {
          set({ away: true });
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
          continue;
        }
        refused = wordsOf(error);
      }
      outbox.current = outbox.current.filter((o) => o.clientKey !== clientKey);
      writeOutbox(queue, person, outbox.current);
      set({ away: false, sending: outbox.current.length });
      if (refused !== null) {
        notice(`Item ${entry.number}: ${refused}`, entry.draft.content);
        await fill();
      }
    }
  }, [client, queue, person, set, take, fill, notice, ids]);

  /** One sender at a time; what comes when it has just ended begins another. */
  const flush = useCallback(async (): Promise<void> => {
    while (flushing.current !== null) await flushing.current;
    if (outbox.current.length === 0) return;
    flushing.current = send().finally(() => {
      flushing.current = null;
    });
    await flushing.current;
  }, [send]);

  useEffect(() => {
    alive.current = true;
    outbox.current = takeOutbox(queue, person);
    set({ sending: outbox.current.length });
    void flush().then(fill);
    return () => {
      alive.current = false;
      flushing.current = null;
    };
  }, [queue, person, flush, fill, set]);

  const taken = state.items.length === 0 && state.why === "taken";
  useEffect(() => {
    if (!taken) return;
    const timer = setInterval(() => void fill(), TAKEN_MS);
    return () => clearInterval(timer);
  }, [taken, fill]);

  return useMemo((): Session => {
    const without = (id: string) => now.current.items.filter((i) => i.id !== id);
    return {
      ...state,
      decide: (item, { decision, draft, seconds, opened }) => {
        const entry: Outgoing = {
          clientKey: crypto.randomUUID(),
          item: item.id,
          number: item.number,
          decision,
          draft,
          seconds,
          opened,
          view: item,
        };
        bodies.current.set(item.id, draft);
        outbox.current = [...outbox.current, entry];
        set({
          items: without(item.id),
          left: now.current.left === null || decision.action === "skip" ? now.current.left : now.current.left - 1,
          sending: outbox.current.length,
          last: { number: item.number, decision },
        });
        writeOutbox(queue, person, outbox.current);
        void flush();
      },
      undo: () => {
        set({ busy: true });
        void flush()
          .then(() => client.queues.undo.mutate({ queue, clientKey: crypto.randomUUID() }))
          .then(async ({ item }) => {
            if (item === null) return fill();
            bodies.current.delete(item.id);
            const [first, ...more] = [item, ...without(item.id)];
            set({ items: first === undefined ? [] : [first, ...more.slice(0, HOLD)], why: null, last: null });
            for (const far of more.slice(HOLD)) await client.queues.release.mutate({ item: far.id });
          })
          .catch((error: unknown) => notice(isAway(error) ? AWAY : wordsOf(error)))
          .finally(() => set({ busy: false }));
      },
      holdAgain: (item) => {
        void client.queues.hold
          .mutate({ item: item.id })
          .then((held) => {
            const lost = new Map(now.current.lost);
            lost.delete(item.id);
            set({ lost, items: now.current.items.map((i) => (i.id === held?.id ? { ...held, draft: i.draft } : i)) });
          })
          .catch((error: unknown) => notice(isAway(error) ? AWAY : wordsOf(error)));
      },
      leave: (item) => {
        set({ items: without(item.id) });
        void client.queues.release.mutate({ item: item.id }).catch(() => {}); // it runs out by itself
        void fill();
      },
      dismiss: (id) => set({ notices: now.current.notices.filter((n) => n.id !== id) }),
      setLost: (id, why) => {
        if (now.current.items[0]?.id === id) set({ lost: new Map(now.current.lost).set(id, why) });
        else {
          set({ items: without(id) });
          void fill();
        }
      },
      bodyOf: (id) => bodies.current.get(id) ?? null,
    };
  }, [state, client, queue, person, set, flush, fill, notice]);
}

const AWAY = "The connection is lost: try again when it is back.";

/** Nobody answered, or the database behind the server is away: what was sent is sent again. */
function isAway(error: unknown): boolean {
  if (!(error instanceof TRPCClientError)) return true;
  const code: unknown = error.data?.code;
  return code === undefined || code === "SERVICE_UNAVAILABLE";
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
