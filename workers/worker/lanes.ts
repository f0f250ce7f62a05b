import type { Stage } from "@/server/core/arms";

/**
 * How a worker divides its slots among stages when all of them have work. The later stages get most, because that is
 * where figures come from: the conditioning table fills problem by problem from the first minute instead of after the last
 * rollout. Rollouts keep a quarter all the same, so that the totals of the later stages (and the time left) become
 * known early. What a stage cannot use, others take.
 */
const SHARE = { value: 0.25, reflect: 0.25, continue: 0.5, verify: 0.25, rollout: 0.25 } as const;
const SAMPLING = ["value", "reflect", "continue", "verify", "rollout"] as const;

/** Slots of their own: what somebody waits for at a page, what only computes, and what streams for long. */
const OWN_SLOTS = { branch: 12, score: 4, keep: 6, grade: 6, dataset: 1, import: 1, export: 1, publish: 1, sft: 1, rl: 1 } as const;
const OWN = ["branch", "score", "keep", "grade", "dataset", "import", "export", "publish", "sft", "rl"] as const;

/** What to fetch next: up to `count` jobs of `stage`. */
export interface Wish {
  stage: Stage;
  count: number;
}

/**
 * Pure: the next fetch, given how many items of each stage are in hand and which queues may have something; null when
 * there is no room or nothing to ask for.
 */
export function nextWish(slots: number, active: ReadonlyMap<Stage, number>, maybe: ReadonlySet<Stage>): Wish | null {
  const held = (stage: Stage) => active.get(stage) ?? 0;
  for (const stage of OWN) {
    const free = OWN_SLOTS[stage] - held(stage);
    if (free > 0 && maybe.has(stage)) return { stage, count: free };
  }
  const free = slots - SAMPLING.reduce((sum, stage) => sum + held(stage), 0);
  if (free <= 0) return null;
  const hungry = SAMPLING.filter((stage) => maybe.has(stage));
  for (const stage of hungry) {
    const owed = Math.max(1, Math.round(slots * SHARE[stage])) - held(stage);
    if (owed > 0) return { stage, count: Math.min(free, owed) };
  }
  const first = hungry[0];
  return first ? { stage: first, count: free } : null;
}
