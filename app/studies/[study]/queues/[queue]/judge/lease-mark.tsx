"use client";
import { useEffect, useState } from "react";
import { cx } from "@/components/ui/cx";
import { duration } from "@/components/ui/format";

/** Below this the countdown is shown to everybody, and said. */
const SOON = 90;

/** For how long the item is reserved for whoever judges it. */
export function LeaseMark({ ends, lost }: { ends: number | null; lost: boolean }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 5_000);
    return () => clearInterval(timer);
  }, []);
  if (ends === null || lost) return null;
  const left = Math.max(0, (ends - now) / 1000);
  const soon = left < SOON;
  return (
    <span
      className={cx("whitespace-nowrap", soon ? "text-uncertainty" : "text-faint")}
      role={soon ? "status" : undefined}
    >
      {left === 0
        ? "your reservation has run out"
        : soon
          ? `reserved for ${duration(left)} more; any key keeps it`
          : "reserved for you"}
    </span>
  );
}
