/**
 * Where a reasoning model thinks and where it answers. Pure. Templates often open the block themselves, so a text may
 * hold its end alone; a text that was cut off may hold its beginning alone.
 */
export interface ThinkPart {
  think: boolean;
  text: string;
  /** For thinking: it came to an end. */
  closed: boolean;
}

// Not in quotes of code: "the `<think>` tag" is talk about it.
const TAG = /(?<!`)<(\/?)(?:think|thinking|seed:think)>(?!`)/gi;

/** A text in parts, in order. Without tags: one part. */
export function splitThink(text: string): ThinkPart[] {
  const parts: ThinkPart[] = [];
  const say = (part: string, think: boolean, closed: boolean) => {
    if (part.trim() !== "") parts.push({ think, text: part, closed });
  };
  let at = 0;
  let inside = false;
  for (const m of text.matchAll(TAG)) {
    const opens = m[1] === "";
    if (opens && inside) continue; // a second beginning inside a block
    if (!opens && !inside && parts.length > 0) continue; // an end that nothing began, in the middle of an answer
    say(text.slice(at, m.index), !opens, true);
    at = m.index + m[0].length;
    inside = opens;
  }
  say(text.slice(at), inside, false);
  return parts;
}

/** Steps from..to (1-based, inclusive) that lie inside a block of thinking. */
export interface ThinkRange {
  from: number;
  to: number;
  closed: boolean;
}

/** Which steps of an attempt are thinking: those between the tags, the tags' own steps included unless they also answer. */
export function thinkRanges(steps: readonly string[]): ThinkRange[] {
  const ranges: ThinkRange[] = [];
  let from = 0;
  steps.forEach((step, i) => {
    for (const m of step.matchAll(TAG)) {
      if (m[1] === "") {
        if (from === 0) from = i + 1;
      } else if (from > 0 || ranges.length === 0) {
        // What stands after the end in the same step is the answer: that step stays in view.
        const answers = step.slice(m.index + m[0].length).trim() !== "";
        const to = answers ? i : i + 1;
        if (to >= Math.max(1, from)) ranges.push({ from: Math.max(1, from), to, closed: true });
        from = 0;
      }
    }
  });
  if (from > 0) ranges.push({ from, to: steps.length, closed: false });
  return ranges;
}

/** A step that is known to be thinking, without the tags. */
export function withoutTags(text: string): string {
  return text.replace(TAG, "").trim();
}
