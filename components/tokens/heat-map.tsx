"use client";
import { memo, useMemo, useState } from "react";
import { useNear, WhenNear } from "../text/near";
import { BOUNDS, binLabel, binOf, chunksOf, type DrawnToken, isInvisible, washOf } from "./bins";

/**
 * A text with the negative log-likelihood of each token behind it. Only what is near the window is drawn token by token;
 * the rest is plain text, so that 30,000 tokens scroll as 300 do.
 */
export function HeatMap(props: { tokens: readonly string[]; logprobs: readonly number[] }) {
  const { tokens, logprobs } = props;
  const chunks = useMemo(() => chunksOf(tokens, logprobs), [tokens, logprobs]);
  const [at, setAt] = useState<number | null>(null);
  const point = (target: EventTarget) => {
    const i = target instanceof HTMLElement ? target.dataset.i : undefined;
    if (i !== undefined) setAt(Number(i));
  };
  return (
    <figure>
      <figcaption className="mb-2 space-y-1 text-sm">
        <Legend />
        <p className="min-h-5 text-soft tabular-nums" data-testid="token-readout">
          {at === null ? (
            <span className="text-faint">Point at a token for its figures; the table has them all.</span>
          ) : (
            <>
              Token {at + 1} <code className="font-mono">{JSON.stringify(tokens[at] ?? "")}</code>:{" "}
              {nats(-(logprobs[at] ?? 0))} nats, probability {probability(logprobs[at] ?? 0)}
            </>
          )}
        </p>
      </figcaption>
      <div
        data-testid="heat-map"
        onPointerOver={(e) => point(e.target)}
        className="overflow-x-auto text-base leading-7 break-words whitespace-pre-wrap"
      >
        {chunks.map((chunk) => (
          <WhenNear key={chunk[0]?.i ?? 0}>
            <Chunk tokens={chunk} />
          </WhenNear>
        ))}
      </div>
    </figure>
  );
}

const Chunk = memo(function Chunk({ tokens }: { tokens: readonly DrawnToken[] }) {
  const near = useNear();
  if (!near) return <div>{tokens.map((t) => t.text).join("")}</div>;
  return (
    <div>
      {tokens.map((t) => (
        <span key={t.i} data-i={t.i} style={{ backgroundColor: washOf(binOf(t.nll)) }}>
          {isInvisible(t.text) && (
            <span data-i={t.i} aria-hidden className="px-0.5 text-faint select-none">
              ↵
            </span>
          )}
          {t.text}
        </span>
      ))}
    </div>
  );
});

/** What the washes mean. */
function Legend() {
  return (
    <ul aria-label="Negative log-likelihood per token, in nats" className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <li className="text-faint">nats per token</li>
      {BOUNDS.map((bound, bin) => (
        <li key={bound} className="flex items-center gap-1.5 whitespace-nowrap text-soft">
          <span aria-hidden className="inline-block h-3.5 w-5 border border-rule" style={{ backgroundColor: washOf(bin) }} />
          {binLabel(bin)}
        </li>
      ))}
    </ul>
  );
}

/** "0.002", "1.37", "12.4". */
export function nats(nll: number): string {
  const value = Math.max(0, nll);
  return value >= 10 ? value.toFixed(1) : value >= 0.1 ? value.toFixed(2) : value.toFixed(3);
}

/** "93 %", "0.4 %", "< 0.001 %". */
export function probability(logprob: number): string {
  const percent = 100 * Math.exp(logprob);
  if (percent < 0.001) return "< 0.001 %";
  return `${percent >= 10 ? Math.round(percent) : percent.toPrecision(2)} %`;
}
