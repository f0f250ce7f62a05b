"use client";
import { type ReactElement, startTransition, useEffect, useRef, useState } from "react";
import { ResponsiveContainer } from "recharts";

/**
 * Room for a Recharts drawing, as wide as what it stands in. Nothing is drawn on the server, where the width is not known; in the
 * browser it is measured first, so that the chart is drawn once and not for a guessed size before.
 *
 * @param className its height, and what else its box needs.
 */
export function Plot({ className, children, ...box }: { className: string; children: ReactElement; role?: "img"; "aria-label"?: string; "data-testid"?: string; "data-histogram"?: boolean }) {
  const place = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<{ width: number; height: number } | null>(null);
  useEffect(() => {
    const { width, height } = place.current?.getBoundingClientRect() ?? { width: 0, height: 0 };
    const now = { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) };
    // Behind what the page asks for and what a hand does: a chart of thousands of points takes its time.
    startTransition(() => setSize(now));
  }, []);
  return (
    <div ref={place} className={className} {...box}>
      {size !== null && (
        <ResponsiveContainer width="100%" height="100%" initialDimension={size}>
          {children}
        </ResponsiveContainer>
      )}
    </div>
  );
}
