import type { Sampling } from "../../core/settings";
import { InterveneError } from "../../errors";
import type { ChatMessage, Sample, SampleDelta } from "../../inference/types";
import type { StageContext } from "./stage";

export interface SamplesWanted {
  messages: readonly ChatMessage[];
  /** The unfinished answer to go on from, "" for a fresh one. */
  answerSoFar: string;
  sampling: Sampling;
  /** Seed of sample 0 of this key; sample i has seed + i. */
  seed: number;
  /** How many samples the key has in all. */
  count: number;
  /** Sample indices that are there already. */
  made: ReadonlySet<number>;
  /** What is being sampled, for messages: "the verification prompt of attempt 3 of problem lab-…". */
  what: string;
  /** Somebody looks on: the request goes before those of runs, and comes piece by piece. */
  watcher?: SampleWatcher;
}

/** Told of samples while they are made; indices are those of the key. */
export interface SampleWatcher {
  delta: (delta: SampleDelta) => void;
  /** A sample has ended. */
  ended?: (index: number, sample: { text: string; tokens: number; finishReason: string }) => void;
}

/** Samples of a request that somebody looks at: few, so that it finds room at once. */
const WATCHED_PER_REQUEST = 8;

/** Samples per request. One answer waits for its slowest sample, so long ones go a few at a time. */
const SHORT = { tokens: 1024, perRequest: 32 };
const LONG_PER_REQUEST = 4;

/**
 * The key's missing samples. Each one depends on its own seed alone, so it does not matter in which company it is
 * asked for, or when.
 *
 * @returns the samples with their index in the key, and the first error when others of them failed.
 * @throws what the client throws when there is not one sample; InterveneError("backend") when the prompt does not fit the context.
 */
export async function sampleMissing(
  ctx: StageContext,
  want: SamplesWanted,
): Promise<{ samples: Sample[]; error?: unknown }> {
  const model = ctx.item.servedName;
  const { chat, maxLength } = await ctx.models.get(model);
  const promptIds = await chat.prompt(want.messages, want.answerSoFar);
  const room = maxLength === null ? want.sampling.maxTokens : maxLength - promptIds.length;
  if (room < 1) {
    throw new InterveneError(
      "backend",
      `${want.what} has ${promptIds.length} tokens, and the model "${model}" takes ${maxLength} with its answer: it cannot be sampled. Serve the model with a longer context, or leave such attempts out.`,
    );
  }
  // vLLM refuses a prompt whose max_tokens would pass the context; a cut there is the same cut as at the limit.
  const sampling = { ...want.sampling, maxTokens: Math.min(want.sampling.maxTokens, room) };
  const spans = missingSpans(
    want.count,
    want.made,
    Math.min(
      sampling.maxTokens <= SHORT.tokens ? SHORT.perRequest : LONG_PER_REQUEST,
      want.watcher ? WATCHED_PER_REQUEST : SHORT.perRequest,
    ),
  );
  const answers = await Promise.allSettled(
    spans.map(async ({ first, n }) => {
      const got = await ctx.client.complete({
        model,
        promptIds,
        n,
        seed: want.seed + first,
        sampling,
        stopTokenIds: chat.endIds,
        signal: ctx.signal,
        ...(want.watcher ? { urgent: true, onDelta: follow(want.watcher, first) } : {}),
      });
      return got.map((s) => ({ ...s, index: first + s.index }));
    }),
  );
  const samples = answers.flatMap((a) => (a.status === "fulfilled" ? a.value : []));
  const failed = answers.find((a) => a.status === "rejected");
  if (!failed) return { samples };
  if (samples.length === 0) throw failed.reason;
  return { samples, error: failed.reason };
}

/** Passes deltas of a request on under the key's own indices, and tells of each sample that has ended. */
function follow(watcher: SampleWatcher, first: number): (delta: SampleDelta) => void {
  const texts = new Map<number, string>();
  return (delta) => {
    const index = first + delta.index;
    const text = (texts.get(index) ?? "").slice(0, delta.at) + delta.text;
    texts.set(index, text);
    watcher.delta({ ...delta, index });
    const { finishReason, tokens } = delta;
    if (finishReason !== null && finishReason !== "abort") watcher.ended?.(index, { text, tokens, finishReason });
  };
}

/** Neighbouring missing indices, in requests of at most `most`. */
export function missingSpans(count: number, made: ReadonlySet<number>, most: number): { first: number; n: number }[] {
  const spans: { first: number; n: number }[] = [];
  for (let i = 0; i < count; i++) {
    if (made.has(i)) continue;
    const last = spans.at(-1);
    if (last && last.first + last.n === i && last.n < most) last.n++;
    else spans.push({ first: i, n: 1 });
  }
  return spans;
}
