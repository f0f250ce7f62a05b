"use client";
import { useEffect, useRef, useState } from "react";
import { applyPieces, type StreamedSample, streamPiecesSchema } from "@/server/core/branching/stream";

const NOTHING: ReadonlyMap<number, StreamedSample> = new Map();
const ASK_AGAIN_MS = 1_500;

/**
 * The samples of a branch while they are made, token by token. The browser reconnects by itself and says what it has
 * last heard; a page that comes late gets the whole of it first.
 *
 * @param live whether there is anything to listen to.
 * @param onEnded the samples are rows now.
 */
export function useBranchStream(
  branch: string,
  live: boolean,
  onEnded: () => void,
): ReadonlyMap<number, StreamedSample> {
  const [samples, setSamples] = useState(NOTHING);
  const ended = useRef(onEnded);
  useEffect(() => {
    ended.current = onEnded;
  });

  useEffect(() => {
    setSamples(NOTHING);
    if (!live) return;
    let state: ReadonlyMap<number, StreamedSample> = NOTHING;
    let source: EventSource | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;
    let frame: number | undefined;
    const draw = () => {
      frame ??= requestAnimationFrame(() => {
        frame = undefined;
        setSamples(state);
      });
    };
    const connect = () => {
      state = NOTHING;
      source = new EventSource(`/api/live/branch?branch=${encodeURIComponent(branch)}`);
      source.addEventListener("pieces", (event: MessageEvent<string>) => {
        const pieces = streamPiecesSchema.safeParse(JSON.parse(event.data));
        const next = pieces.success ? applyPieces(state, pieces.data) : null;
        if (next === null) return again();
        state = next;
        draw();
      });
      source.addEventListener("ended", () => {
        source?.close();
        ended.current();
      });
      source.addEventListener("error", () => {
        if (source?.readyState === EventSource.CLOSED) again();
      });
    };
    const again = () => {
      source?.close();
      clearTimeout(retry);
      retry = setTimeout(connect, ASK_AGAIN_MS);
    };
    connect();
    return () => {
      clearTimeout(retry);
      if (frame !== undefined) cancelAnimationFrame(frame);
      source?.close();
    };
  }, [branch, live]);

  return samples;
}
