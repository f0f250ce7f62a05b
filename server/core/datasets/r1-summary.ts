import type { Built } from "./rows";
import type { DatasetSettings } from "./settings";
import { splitThinking, type TraceCandidate, traceRow, unfit } from "./thinking";

/** What a stronger model wrote after its first </think>, as a whole answer. */
export function buildR1Summary(trace: TraceCandidate, settings: DatasetSettings): Built {
  const why = unfit(trace, settings);
  if (why) return { dropped: why };
  const parts = splitThinking(trace.attempt.text);
  if (!parts) return { dropped: "no_think" };
  if (parts.summary.trim() === "") return { dropped: "empty" };
  if (trace.attempt.finishReason === "length") return { dropped: "cut_off" };
  return { row: traceRow(trace, settings, parts.summary, true) };
}
