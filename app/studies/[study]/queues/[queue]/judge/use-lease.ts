"use client";
import { useEffect, useRef, useState } from "react";
import { useTRPCClient } from "@/app/trpc/client";
import type { Session } from "./use-session";

const SIGNS = ["keydown", "pointerdown", "pointermove", "wheel", "scroll"] as const;

/**
 * Signs of life for what this page holds. They stop when the judge gives none for as long as a reservation lasts, so that a page left
 * open holds nothing for ever.
 *
 * @returns when the reservation of the item on the screen runs out, by this browser's clock; null while there is none.
 */
export function useLease(session: Session, leaseSeconds: number): number | null {
  const client = useTRPCClient();
  const [ends, setEnds] = useState<number | null>(null);
  const seen = useRef(Date.now());
  const live = useRef(session);
  useEffect(() => {
    live.current = session;
  });
  const first = session.items[0]?.id;

  useEffect(() => {
    const sign = () => {
      seen.current = Date.now();
    };
    for (const name of SIGNS) window.addEventListener(name, sign, { passive: true, capture: true });
    return () => {
      for (const name of SIGNS) window.removeEventListener(name, sign, { capture: true });
    };
  }, []);

  useEffect(() => {
    setEnds(first === undefined ? null : Date.now() + leaseSeconds * 1000);
    seen.current = Date.now();
  }, [first, leaseSeconds]);

  useEffect(() => {
    const every = Math.min(30_000, (leaseSeconds * 1000) / 4);
    const beat = async () => {
      const items = live.current.items.map((i) => i.id).slice(0, 10);
      if (items.length === 0 || Date.now() - seen.current > leaseSeconds * 1000) return;
      try {
        const { held, lost } = await client.queues.heartbeat.mutate({ items });
        if (held.some((h) => h.item === live.current.items[0]?.id)) setEnds(Date.now() + leaseSeconds * 1000);
        for (const gone of lost)
          if (live.current.items.some((i) => i.id === gone.item)) live.current.setLost(gone.item, gone.why);
      } catch {
        // Without an answer the reservation runs on by itself; the countdown says for how long.
      }
    };
    const timer = setInterval(() => void beat(), every);
    const seenAgain = () => document.visibilityState === "visible" && void beat();
    document.addEventListener("visibilitychange", seenAgain);
    window.addEventListener("online", seenAgain);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", seenAgain);
      window.removeEventListener("online", seenAgain);
    };
  }, [client, leaseSeconds]);
  return ends;
}
