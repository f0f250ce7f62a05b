"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTRPCClient } from "@/app/trpc/client";
import { type Draft, draftOf, isEmpty, sameDraft } from "@/components/judging/draft";
import type { ItemView } from "@/server/core/views/judging";

const SAVE_AFTER_MS = 500;

/** Where a draft is safe: on the server, or in this browser until the server answers. */
export type Kept = "nothing" | "saved" | "saving" | "here";

export interface DraftHand {
  draft: Draft;
  set: (draft: Draft) => void;
  kept: Kept;
  /** Another tab has written meanwhile: its draft, and why ours was not kept. */
  clash: { theirs: Draft; why: string } | null;
  resolve: (take: "mine" | "theirs") => void;
}

interface Local {
  body: Draft;
  /** The server's version that it was written on. */
  version: number;
}

const localKey = (person: string, item: string) => `intervene-draft:${person}:${item}`;

/**
 * The draft of an item. Every change is in the browser at once and on the server half a second later; a server that has a newer
 * one (another tab) changes nothing and is listened to. Starts from what came back with a refused decision, else from what this
 * browser has not been able to send, else from the server's.
 */
export function useDraft(item: ItemView, person: string, back: Draft | null): DraftHand {
  const client = useTRPCClient();
  const steps = item.steps.length;
  const version = useRef(item.draft?.version ?? 0);
  const [start] = useState(() => startOf(item, person, back));
  const [draft, setDraft] = useState(start.draft);
  const [kept, setKept] = useState<Kept>(start.unsent ? "here" : isEmpty(start.draft) ? "nothing" : "saved");
  const [clash, setClash] = useState(start.clash);
  const now = useRef(start.draft);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const saving = useRef(false);

  const save = useCallback(async () => {
    clearTimeout(timer.current);
    if (saving.current) return;
    saving.current = true;
    const sent = now.current;
    setKept("saving");
    try {
      const body = isEmpty(sent) ? null : { ...sent };
      const answer = await client.queues.saveDraft.mutate({ item: item.id, body, version: version.current });
      version.current = answer.draft.version;
      const theirs = draftOf(answer.draft.body, steps);
      if (answer.saved || sameDraft(theirs, now.current)) {
        forget(person, item.id);
        setKept(body === null ? "nothing" : "saved");
      } else {
        setKept("here");
        setClash({ theirs, why: answer.why });
        return;
      }
    } catch {
      setKept("here"); // the text is in this browser; tried again below
      timer.current = setTimeout(() => void save(), 4 * SAVE_AFTER_MS);
      return;
    } finally {
      saving.current = false;
    }
    if (!sameDraft(sent, now.current)) timer.current = setTimeout(() => void save(), SAVE_AFTER_MS);
  }, [client, item.id, person, steps]);

  const set = useCallback(
    (next: Draft) => {
      now.current = next;
      setDraft(next);
      remember(person, item.id, { body: next, version: version.current });
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void save(), SAVE_AFTER_MS);
    },
    [person, item.id, save],
  );

  useEffect(() => {
    if (start.unsent) timer.current = setTimeout(() => void save(), SAVE_AFTER_MS);
    // What is not sent when the item goes is sent by its decision; the browser has it until then.
    return () => clearTimeout(timer.current);
  }, [save, start.unsent]);

  const resolve = useCallback(
    (take: "mine" | "theirs") => {
      if (clash === null) return;
      setClash(null);
      if (take === "theirs") {
        now.current = clash.theirs;
        setDraft(clash.theirs);
        forget(person, item.id);
        setKept("saved");
      } else void save();
    },
    [clash, save, person, item.id],
  );
  return { draft, set, kept, clash, resolve };
}

function startOf(
  item: ItemView,
  person: string,
  back: Draft | null,
): { draft: Draft; unsent: boolean; clash: DraftHand["clash"] } {
  const server = draftOf(item.draft?.body ?? null, item.steps.length);
  if (back !== null) return { draft: back, unsent: true, clash: null };
  const local = recall(person, item);
  if (local === null || sameDraft(local.body, server)) return { draft: server, unsent: false, clash: null };
  if (local.version === (item.draft?.version ?? 0)) return { draft: local.body, unsent: true, clash: null };
  const why = "This browser has a text that was never sent, and the item's draft has changed elsewhere since.";
  return { draft: local.body, unsent: false, clash: { theirs: server, why } };
}

function recall(person: string, item: ItemView): Local | null {
  try {
    const text = localStorage.getItem(localKey(person, item.id));
    if (text === null) return null;
    const { body, version } = JSON.parse(text) as { body: unknown; version: unknown };
    return { body: draftOf(body, item.steps.length), version: Number(version) };
  } catch {
    return null;
  }
}

function remember(person: string, item: string, local: Local): void {
  try {
    localStorage.setItem(localKey(person, item), JSON.stringify(local));
  } catch {
    // Storage may be forbidden or full; the server's copy is made half a second later.
  }
}

/** Forget what this browser holds of an item: it is on the server. */
export function forget(person: string, item: string): void {
  try {
    localStorage.removeItem(localKey(person, item));
  } catch {
    // Nothing was kept there then.
  }
}
