import type { AddonContext, AddonSampler, LoadedGguf } from "./addon";

/** Log-probability of one token under the untempered distribution. */
export interface TokenLogprob {
  token: number;
  logprob: number;
  /** 1 for the most probable; null where the vocabulary is too large to rank a token outside of the top. */
  rank: number | null;
}

/** The given token first, then the most probable ones, falling (the given one may be among them: then not repeated). */
export type PositionLogprobs = TokenLogprob[];

/** Up to this vocabulary the whole row is read: ranks are exact and it costs less than the forward pass. */
const WHOLE_ROW = 2048;

/** Reads exact log-probabilities from a batch's logits. One for each context is enough; it keeps no state. */
export class LogprobReader {
  private readonly greedy: AddonSampler;
  constructor(private readonly model: LoadedGguf) {
    this.greedy = model.createSampler();
    // A greedy chain leaves the logits as they are.
    this.greedy.applyConfig({ temperature: 0 });
  }

  /** Log-probabilities of `token` and of the `top` most probable tokens at a logit index. */
  async read(context: AddonContext, logitIndex: number, token: number, top: number): Promise<PositionLogprobs> {
    const whole = this.model.vocabularySize <= WHOLE_ROW;
    const [, , , logits = [], weight = 0] = await context.sampleToken(
      logitIndex,
      this.greedy,
      false,
      false,
      whole ? true : [[token], true, false, false, Math.max(top, 1)],
      !whole,
    );
    const highest = logits[1] ?? 0;
    let total = weight;
    if (whole) {
      total = 0;
      for (let i = 1; i < logits.length; i += 2) total += Math.exp((logits[i] ?? 0) - highest);
    }
    const normaliser = highest + Math.log(total);
    const best: TokenLogprob[] = [];
    let given: TokenLogprob | undefined;
    const seen = new Set<number>();
    for (let i = 0; i < logits.length && (given === undefined || best.length < top); i += 2) {
      const id = logits[i] ?? -1;
      if (seen.has(id)) continue;
      seen.add(id);
      const ranked = whole || seen.size <= Math.max(top, 1);
      const entry = { token: id, logprob: (logits[i + 1] ?? 0) - normaliser, rank: ranked ? seen.size : null };
      if (id === token) given = entry;
      if (best.length < top) best.push(entry);
    }
    if (given === undefined) throw new Error(`token ${token} is not in the vocabulary`);
    const actual = given;
    return [actual, ...best.filter((entry) => entry !== actual)];
  }
}
