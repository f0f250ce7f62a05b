import type { AddonModel } from "./addon";

/** Characters that stand for bytes of a character whose rest has not been sampled yet. */
const UNFINISHED = "\ufffd";

/** Text of a sequence as its tokens arrive: never half a character, so that it can be searched and streamed. */
export class IncrementalText {
  text = "";
  private tokens: number[] = [];
  /** Tokens before `read` have been added to `text`; decoding starts some tokens earlier for tokenizers that look back. */
  private prefix = 0;
  private read = 0;

  constructor(
    private readonly model: AddonModel,
    private readonly withSpecials: boolean,
  ) {}

  /** Add a token; returns the text that became certain. */
  push(token: number): string {
    this.tokens.push(token);
    const before = this.decode(this.prefix, this.read);
    const after = this.decode(this.prefix, this.tokens.length);
    if (after.endsWith(UNFINISHED) || after.length <= before.length) return "";
    this.prefix = this.read;
    this.read = this.tokens.length;
    const added = after.slice(before.length);
    this.text += added;
    return added;
  }

  /** What is left when no more tokens come. */
  flush(): string {
    const rest = this.decode(this.prefix, this.tokens.length).slice(this.decode(this.prefix, this.read).length);
    this.text += rest;
    this.read = this.tokens.length;
    this.prefix = this.read;
    return rest;
  }

  private decode(from: number, to: number): string {
    return from === to ? "" : this.model.detokenize(Uint32Array.from(this.tokens.slice(from, to)), this.withSpecials);
  }
}

/** The earliest of `stops` in text, searching from `from`. */
export function findStop(
  text: string,
  stops: readonly string[],
  from: number,
): { stop: string; at: number } | undefined {
  let found: { stop: string; at: number } | undefined;
  for (const stop of stops) {
    const at = text.indexOf(stop, Math.max(0, from - stop.length + 1));
    if (at >= 0 && (found === undefined || at < found.at)) found = { stop, at };
  }
  return found;
}

/** Length of the longest end of `text` that could be the beginning of a stop string: not to be streamed yet. */
export function heldBack(text: string, stops: readonly string[]): number {
  let held = 0;
  for (const stop of stops) {
    for (let length = Math.min(stop.length - 1, text.length); length > held; length--) {
      if (text.endsWith(stop.slice(0, length))) {
        held = length;
        break;
      }
    }
  }
  return held;
}
