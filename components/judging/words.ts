import type { DecisionContent } from "@/server/core/judging/decision";
import { ACTION_LABEL, type LabelOption, type LabelSchema } from "@/server/core/judging/labels";
import type { Visible } from "@/server/core/judging/visible";
import type { Interval } from "@/server/core/statistics/intervals";

const labelOf = (options: readonly LabelOption[], id: string) => options.find((o) => o.id === id)?.label ?? id;

/** What a decision says, in a few words: "rejected: not the first error, which is at step 3". */
export function decisionWords(
  d: Pick<DecisionContent, "action" | "reason" | "errorType" | "firstError" | "location">,
  schema: Pick<LabelSchema, "reasons" | "errorTypes">,
): string {
  const kind = d.errorType === "" ? "" : ` (${labelOf(schema.errorTypes, d.errorType)})`;
  switch (d.action) {
    case "accept":
      return `accepted${d.firstError === null ? "" : `, first error at step ${d.firstError}`}${kind}`;
    case "reject":
      return `rejected${d.reason === "" ? "" : `: ${labelOf(schema.reasons, d.reason)}`}${d.firstError === null ? "" : `; first error at step ${d.firstError}`}${kind}`;
    case "locate":
      return `first error at step ${d.firstError ?? "?"}${kind}`;
    case "edit":
      return `rewrote step ${d.location ?? "?"}${kind}`;
    default:
      return ACTION_LABEL[d.action];
  }
}

/** What was hidden while somebody decided; "" when nothing was. */
export function shownWords(
  shown: Visible & { afterUndo?: boolean; reopened?: boolean; opened?: readonly string[] },
): string {
  const hidden = [
    !shown.proposal && "proposal",
    !shown.outcomes && "outcomes",
    !shown.decisions && "others’ decisions",
  ].filter((w) => w !== false);
  const parts = [
    hidden.length > 0 ? `hidden: ${hidden.join(", ")}` : "everything shown",
    (shown.opened ?? []).length > 0 && `opened: ${shown.opened?.join(", ")}`,
    shown.afterUndo === true && "decided before and taken back",
    shown.reopened === true && "the item had been complete before",
  ];
  return parts.filter((w) => w !== false).join("; ");
}

/** "0.62 (0.41 to 0.80)"; a dash where it is not defined. */
export function figureWords(of: Interval | null): string {
  return of === null ? "–" : `${of.value.toFixed(2)} (${of.low.toFixed(2)} to ${of.high.toFixed(2)})`;
}

/** How people read a key. */
export function keyWords(key: string): string {
  if (key === " ") return "Space";
  if (key === "ArrowDown") return "↓";
  if (key === "ArrowUp") return "↑";
  return key.length === 1 ? key : key.replace("Backspace", "⌫");
}
