/** How much of something is done. */
export function ProgressBar({ done, of, label }: { done: number; of: number; label: string }) {
  const part = of === 0 ? 0 : Math.min(1, done / of);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={of}
      aria-valuenow={done}
      className="h-1.5 w-full max-w-md overflow-hidden rounded-xs bg-rule"
    >
      <div className="h-full bg-ink" style={{ width: `${part * 100}%` }} />
    </div>
  );
}
