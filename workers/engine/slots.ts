import type { AddonContext } from "./addon";
import type { Generation } from "./generation";
import type { TokenSampler } from "./sampling";

/** A copied prefix must save at least this many tokens: a copy moves the keys and values of a whole sequence. */
const WORTH_COPYING = 16;

/** One sequence of a context. Its keys and values stay after a generation, for prompts that begin alike. */
export interface Slot {
  readonly id: number;
  /** Tokens whose keys and values are in the cache, from position 0. */
  cells: number[];
  generation: Generation | undefined;
  sampler: TokenSampler | undefined;
}

/** Tokens of `prompt` that `cells` begin with; never the last one, which is evaluated for its logits. */
function shared(cells: readonly number[], prompt: readonly number[]): number {
  const end = Math.min(cells.length, prompt.length - 1);
  let i = 0;
  while (i < end && cells[i] === prompt[i]) i++;
  return i;
}

/** The slot that holds most of the prompt's beginning. */
function donorOf(slots: readonly Slot[], prompt: readonly number[]): { slot: Slot; length: number } | undefined {
  let best: { slot: Slot; length: number } | undefined;
  for (const slot of slots) {
    const length = shared(slot.cells, prompt);
    if (length > (best?.length ?? 0)) best = { slot, length };
  }
  return best;
}

/** Whether another slot is still reading a prompt that begins alike: then waiting is cheaper than reading it twice. */
export function isBeingRead(slots: readonly Slot[], prompt: readonly number[]): boolean {
  const ready = donorOf(slots, prompt)?.length ?? 0;
  return slots.some(({ generation, cells }) => {
    if (generation === undefined || cells.length >= generation.request.prompt.length) return false;
    return shared(generation.request.prompt, prompt) >= Math.max(ready, cells.length) + WORTH_COPYING;
  });
}

/**
 * Give a slot the longest beginning of the prompt that any slot has, and forget the rest of what it held.
 * @param fresh ignore what is cached: exact scores are computed from the start
 * @returns the number of prompt tokens that need not be evaluated
 */
export async function loadPrefix(
  context: AddonContext,
  slots: readonly Slot[],
  slot: Slot,
  prompt: readonly number[],
  fresh: boolean,
): Promise<number> {
  let reuse = fresh ? 0 : shared(slot.cells, prompt);
  const donor = fresh ? undefined : donorOf(slots, prompt);
  if (donor !== undefined && donor.slot !== slot && donor.length >= reuse + WORTH_COPYING) {
    await context.copySequenceStateFromOtherSequence(slot.id, donor.slot.id);
    reuse = donor.length;
  }
  if (reuse > 0) {
    // Recurrent and sliding-window caches cannot go back to an earlier position: start afresh.
    const trimmed = context.removeTokenCellsFromSequence(slot.id, reuse, -1);
    if (!trimmed || context.getSequenceKvCacheMinPosition(slot.id) !== 0) reuse = 0;
  }
  if (reuse === 0) context.disposeSequence(slot.id);
  slot.cells = prompt.slice(0, reuse);
  return reuse;
}
