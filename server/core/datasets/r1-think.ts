import type { Built } from "./rows";
import type { DatasetSettings } from "./settings";
import { isBlankThinking, splitThinking, type TraceCandidate, traceRow, unfit } from "./thinking";

/** A stronger model's thinking, through its first </think>, as it was written. An answer would follow: the turn does not end. */
export function buildR1Think(trace: TraceCandidate, settings: DatasetSettings): Built {
  const why = unfit(trace, settings);
  if (why) return { dropped: why };
  const parts = splitThinking(trace.attempt.text);
  if (!parts) return { dropped: "no_think" };
  if (isBlankThinking(parts.think)) return { dropped: "empty" };
  return { row: traceRow(trace, settings, parts.think, false) };
}
