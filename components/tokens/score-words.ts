import type { ScoreView } from "@/server/core/views/scores";

/** What was scored, in words. */
export function scoreWords(s: Pick<ScoreView, "subject" | "step" | "text">): string {
  switch (s.subject) {
    case "attempt":
      return "the whole attempt";
    case "original":
      return `original step ${s.step}`;
    case "proposal":
      return "intervention";
    case "continuation":
      return "continuation";
    case "branch":
      return "sample by hand";
    case "reference":
      return "reference solution";
    case "text":
      return `own text ${s.step === 0 ? "at the beginning" : `after step ${s.step}`}: “${s.text.slice(0, 40)}${s.text.length > 40 ? "…" : ""}”`;
  }
}

/** What a score waits for or why it failed; "" when it is there. */
export function waitWords(s: Pick<ScoreView, "mean" | "state" | "message">, workers: number): string {
  if (s.mean !== null) return "";
  if (s.state === "failed" || s.state === "cancelled" || s.state === "paused") return s.message || `It is ${s.state}.`;
  if (s.message !== "") return s.message;
  return workers === 0
    ? "Waiting: no worker is at work. It is scored as soon as one is (“npm start”, or “intervene worker”)."
    : "Being scored.";
}
