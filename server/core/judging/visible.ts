/**
 * What a person may see of an item: ONE rule, which every read goes through. Blind means that what it hides is not in the
 * answer at all.
 */

export interface QueueRule {
  /** Other people's decisions stay hidden until the item has all of its own. */
  blind: boolean;
  /** The model's proposal and verification stay hidden before the person has decided. */
  hideProposal: boolean;
  /** Rewards, grades, continuations, values, labels stay hidden before the person has decided. */
  hideOutcomes: boolean;
  /** Nobody is asked any more. (Items that are open when a queue is opened again record that others could have been seen.) */
  closed: boolean;
}

export interface Visible {
  /** The proposal with its leak marks, and the verification samples of the model. */
  proposal: boolean;
  /** Reward, grade, how the text ended, imported labels, whether it was kept, continuations, step values. */
  outcomes: boolean;
  /** Other people's decisions and drafts. */
  decisions: boolean;
  /** That it is a gold item, and its known answer. */
  gold: boolean;
}

/**
 * @param item open: votes are missing. Once it is complete nobody is asked for it any more. (A vote that is taken back opens it
 * again: later decisions then record that others could have been seen.)
 * @param person whether they have a vote that stands on this item.
 */
export function visible(
  queue: QueueRule,
  item: { state: "open" | "complete" | "settled" },
  person: { decided: boolean },
): Visible {
  const over = item.state !== "open" || queue.closed;
  return {
    proposal: !queue.hideProposal || person.decided || over,
    outcomes: !queue.hideOutcomes || person.decided || over,
    decisions: !queue.blind || over,
    // An open queue shows what others say, but a gold item that can be told is no measure of anybody.
    gold: over,
  };
}

/** What was on the screen when a decision was made, as it is kept with it. */
export interface Shown extends Visible {
  /** The person had decided this item before and taken it back: outcomes may have been seen. */
  afterUndo: boolean;
  /** The item had all of its votes before one was taken back: others' decisions may have been seen. */
  reopened: boolean;
  /** Parts that the person had open, as the page names them (reference, diff, …). */
  opened: string[];
}
