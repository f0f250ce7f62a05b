/** An item of a queue as the steps and the rail of the attempt's page draw it. */
import type { ProposalView, VerificationView } from "@/server/core/views/attempt";
import type { ItemView } from "@/server/core/views/judging";
import type { Look, StepLook } from "../attempt/prepare";
import { thinkRanges } from "../text/think";

export type ItemLook = Pick<Look, "steps" | "thoughts">;

/** The verification that speaks for the model: the one that names the proposal's step, else the first that names one. */
export function spokenBy(item: Pick<ItemView, "verifications" | "proposal">): VerificationView | null {
  const all = item.verifications ?? [];
  return (
    all.find((v) => v.outcome === "proposed" && v.firstError === item.proposal?.location) ??
    all.find((v) => v.outcome === "proposed") ??
    all[0] ??
    null
  );
}

/**
 * @param marks who says that the first error is at a step: step → names.
 * @param replaced steps in whose place something stands.
 */
export function lookOfItem(
  item: Pick<ItemView, "steps" | "verifications" | "proposal">,
  marks: ReadonlyMap<number, readonly string[]>,
  replaced: ReadonlySet<number>,
): ItemLook {
  const thoughts = thinkRanges(item.steps);
  const spoken = spokenBy(item);
  const verdicts = new Map(spoken?.verdicts.map((v) => [v.step, v]));
  const steps = item.steps.map((text, i): StepLook => {
    const n = i + 1;
    const said = verdicts.get(n);
    return {
      n,
      text,
      verdict: said?.verdict ?? null,
      note: (said?.note ?? "").replace(/^[\s,:;.–-]+/, ""),
      firstError: spoken?.firstError === n,
      replaced: replaced.has(n),
      // Judges read on to the end; nothing is faint.
      dropped: false,
      people: [...(marks.get(n) ?? [])],
      thought: thoughts.some((t) => t.from <= n && n <= t.to),
    };
  });
  return { steps, thoughts };
}

/** The proposal of an item for the parts of the attempt's page. */
export function proposalView(item: Pick<ItemView, "proposal">): ProposalView | null {
  if (item.proposal === null) return null;
  return { id: "proposal", verificationId: null, sampleIndex: 0, chosen: true, kept: null, ...item.proposal };
}
