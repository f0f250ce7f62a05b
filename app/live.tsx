"use client";
import { hashKey, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { useTRPC } from "./trpc/client";

export type LiveState = "connecting" | "live" | "away";

const LiveContext = createContext<LiveState>("connecting");

/** Whether this page hears of changes as they happen. */
export const useLiveState = () => useContext(LiveContext);

/** At most one round of reading in this time, however fast workers write. */
const READ_EVERY_MS = 1_000;
/** Answers that cost more: the conditioning table (0.2 s at 500,000 continuations), all open pages of the attempts table. */
const READ_COSTLY_EVERY_MS = 3_000;
const RECONNECT_MS = 2_000;

/**
 * Read the page's queries again when something changed. Events carry no data: rows are the truth, and an event that
 * was missed (the database restarted, the laptop slept) is made good by reading everything on reconnect. Queries with
 * `meta: { fixed: true }` never change and are left alone.
 *
 * @param study id of the study whose events matter; all when absent.
 */
export function LiveProvider({ study, children }: { study?: string; children: ReactNode }) {
  const queries = useQueryClient();
  const trpc = useTRPC();
  const [state, setState] = useState<LiveState>("connecting");

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last = 0;
    let lastCostly = Date.now();
    let missed = false;
    let opened = false;
    const costly = new Set(
      [trpc.attempts.list, trpc.attempts.count, trpc.lists.page, trpc.lists.count, trpc.studies.outcomes, trpc.localisation.get, trpc.compareSources.curves, trpc.compareSources.relation].map((p) => hashKey(p.pathKey())),
    );

    const read = () => {
      last = Date.now();
      const costlyToo = last - lastCostly >= READ_COSTLY_EVERY_MS;
      if (costlyToo) lastCostly = last;
      else later(READ_COSTLY_EVERY_MS);
      void queries.invalidateQueries({
        queryKey: trpc.pathKey(),
        predicate: (q) => q.meta?.fixed !== true && (costlyToo || !costly.has(hashKey(q.queryKey.slice(0, 1)))),
      });
    };
    const later = (wait: number) => {
      if (timer !== undefined) return;
      timer = setTimeout(() => {
        timer = undefined;
        // A hidden page reads once when it is looked at again, not every second.
        if (document.visibilityState === "visible") read();
        else missed = true;
      }, wait);
    };
    const readSoon = () => {
      clearTimeout(timer);
      timer = undefined;
      later(Math.max(0, last + READ_EVERY_MS - Date.now()));
    };

    let source: EventSource | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const connect = () => {
      source = new EventSource(study === undefined ? "/api/live" : `/api/live?study=${encodeURIComponent(study)}`);
      source.addEventListener("open", () => setState("live"));
      source.addEventListener("message", readSoon);
      source.addEventListener("again", () => {
        // The page has just been read on the server; only later ones mean that something may have been missed.
        if (opened) readSoon();
        opened = true;
      });
      source.addEventListener("error", () => {
        setState("away");
        // A broken connection is tried again by the browser; an answer other than 200 (a proxy, a server that ends) is not.
        if (source?.readyState === EventSource.CLOSED) retry = setTimeout(connect, RECONNECT_MS);
      });
    };
    connect();
    const seen = () => {
      if (document.visibilityState !== "visible" || !missed) return;
      missed = false;
      readSoon();
    };
    document.addEventListener("visibilitychange", seen);
    return () => {
      document.removeEventListener("visibilitychange", seen);
      clearTimeout(timer);
      clearTimeout(retry);
      source?.close();
    };
  }, [queries, trpc, study]);

  return <LiveContext value={state}>{children}</LiveContext>;
}
