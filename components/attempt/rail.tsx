"use client";
import { type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from "react";
import { cx } from "../ui/cx";
import type { StepLook } from "./prepare";
import { bandOf, dotsOf, lineOf, ticksOf, whiskersOf } from "./rail-paths";
import type { StepValue } from "./values";

/** Width (px) of the ticks, and of the curve of step values beside them. */
const TICKS = 28;
const CURVE = 26;

/**
 * The whole attempt at a glance: a tick per step. Width says what stands there (a mark is wide), colour says what it is;
 * hits of a search stand apart at the right edge, and V(t) runs beside the ticks as a curve with its interval. One tab
 * stop, a slider: arrows move, a click or a drag goes there. Drawn as a few paths, so that 500 steps cost as little as 5.
 */
export function Rail(props: {
  steps: readonly StepLook[];
  current: number | null;
  onGo: (step: number) => void;
  values?: readonly StepValue[] | null;
  /** Steps that hold what is searched for. */
  hits?: ReadonlyMap<number, number>;
}) {
  const { steps, current, onGo, hits } = props;
  const values = props.values ?? null;
  const n = steps.length;
  const place = useRef<HTMLDivElement>(null);
  const [under, setUnder] = useState<number | null>(null);
  const ticks = useMemo(() => ticksOf(steps), [steps]);
  const dense = n > 160;
  const byStep = useMemo(() => new Map(values?.map((v) => [v.step, v])), [values]);
  if (n === 0) return null;
  const width = TICKS + (values === null ? 0 : CURVE);

  const stepAt = (e: PointerEvent): number => {
    const box = place.current?.getBoundingClientRect();
    if (box === undefined || box.height === 0) return 1;
    return Math.min(n, Math.max(1, Math.floor(((e.clientY - box.top) / box.height) * n) + 1));
  };
  const onKeyDown = (e: KeyboardEvent) => {
    const from = current ?? 0;
    const to = { ArrowDown: from + 1, ArrowUp: from - 1, PageDown: from + 10, PageUp: from - 10, Home: 1, End: n }[
      e.key
    ];
    if (to === undefined || e.ctrlKey || e.metaKey || e.altKey) return;
    e.preventDefault();
    onGo(Math.min(n, Math.max(1, to)));
  };
  const described = steps[(under ?? current ?? 1) - 1];
  const now = steps[(current ?? 1) - 1];

  return (
    <div className="h-full min-h-0">
      <div
        ref={place}
        role="slider"
        tabIndex={0}
        aria-label="Steps at a glance"
        aria-orientation="vertical"
        aria-valuemin={1}
        aria-valuemax={n}
        aria-valuenow={current ?? 1}
        aria-valuetext={now === undefined ? undefined : describe(now, byStep.get(now.n), hits?.get(now.n))}
        onKeyDown={onKeyDown}
        onPointerDown={(e) => {
          if (e.button !== 0) return;
          e.currentTarget.setPointerCapture(e.pointerId);
          onGo(stepAt(e));
        }}
        onPointerMove={(e) => {
          const at = stepAt(e);
          setUnder(at);
          if (e.buttons === 1 && e.currentTarget.hasPointerCapture(e.pointerId) && at !== current) onGo(at);
        }}
        onPointerLeave={() => setUnder(null)}
        className="relative max-h-full cursor-pointer touch-none"
        style={{ height: `${n * 1.5}rem`, width }}
        data-testid="rail"
      >
        <svg
          viewBox={`0 0 ${width} ${n}`}
          preserveAspectRatio="none"
          aria-hidden
          className="absolute inset-0 size-full overflow-visible"
          fill="none"
        >
          {ticks.map((t) => (
            <path
              key={t.kind}
              data-ticks={t.kind}
              d={t.path}
              stroke={t.colour}
              strokeOpacity={t.opacity}
              strokeWidth={t.mark ? 3 : dense ? 1.25 : 2}
              strokeLinecap={dense ? "butt" : "round"}
              vectorEffect="non-scaling-stroke"
            />
          ))}
          {hits !== undefined && hits.size > 0 && (
            <path
              data-ticks="hits"
              d={[...hits.keys()].map((s) => `M24 ${s - 0.5}h3`).join("")}
              stroke="var(--uncertainty)"
              strokeWidth={dense ? 2 : 4}
              vectorEffect="non-scaling-stroke"
            />
          )}
          {values !== null && values.length > 0 && (
            <g data-testid="rail-values">
              <path
                d={`M${TICKS + 1} 0V${n}M${width - 1} 0V${n}`}
                stroke="var(--rule)"
                vectorEffect="non-scaling-stroke"
              />
              <path d={bandOf(values, TICKS + 1, CURVE - 2)} fill="var(--uncertainty)" fillOpacity={0.22} />
              <path
                d={whiskersOf(values, TICKS + 1, CURVE - 2)}
                stroke="var(--uncertainty)"
                strokeOpacity={0.5}
                strokeWidth={2}
                vectorEffect="non-scaling-stroke"
              />
              <path
                d={dotsOf(values, TICKS + 1, CURVE - 2)}
                stroke="var(--ink)"
                strokeWidth={4}
                strokeLinecap="round"
                vectorEffect="non-scaling-stroke"
              />
              <path
                d={lineOf(values, TICKS + 1, CURVE - 2)}
                stroke="var(--ink)"
                strokeWidth={1.5}
                strokeLinejoin="round"
                vectorEffect="non-scaling-stroke"
              />
            </g>
          )}
        </svg>
        {current !== null && (
          <svg
            width="6"
            height="9"
            viewBox="0 0 5 8"
            aria-hidden
            className="absolute -translate-y-1/2"
            style={{ top: `${((current - 0.5) / n) * 100}%`, left: TICKS - 8 }}
          >
            <path d="M5 0v8L0 4z" fill="var(--ink)" />
          </svg>
        )}
        {under !== null && described !== undefined && (
          <div
            aria-hidden
            className={cx(
              "pointer-events-none absolute z-30 -translate-y-1/2 rounded-sm border border-edge bg-raised px-2 py-0.5",
              "text-xs whitespace-nowrap text-ink shadow-sm",
            )}
            style={{ top: `${((under - 0.5) / n) * 100}%`, left: width + 4 }}
          >
            {describe(described, byStep.get(described.n), hits?.get(described.n))}
          </div>
        )}
      </div>
    </div>
  );
}

function describe(s: StepLook, value: StepValue | undefined, hits: number | undefined): string {
  const words = [
    s.firstError && "first error",
    s.replaced && "replaced by the intervention",
    s.people.length > 0 && `first error by ${s.people.join(", ")}`,
    !s.firstError && s.verdict !== null && `judged ${s.verdict}`,
    s.thought && "thinking",
    value !== undefined && `V ${value.value.toFixed(2)}`,
    hits !== undefined && `${hits} ${hits === 1 ? "hit" : "hits"}`,
  ].filter(Boolean);
  return `Step ${s.n}${words.length > 0 ? `: ${words.join(", ")}` : ""}`;
}
