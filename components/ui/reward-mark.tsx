/** Whether a sample's answer was right: shape, word and colour. */
export function RewardMark({ reward, cutOff = false }: { reward: number | null; cutOff?: boolean }) {
  const [word, tone] =
    reward === null ? ["not graded", "text-faint"] : reward === 1 ? ["right", "text-success"] : ["wrong", "text-error"];
  return (
    <span className={`inline-flex items-center gap-1.5 whitespace-nowrap ${tone}`}>
      <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden fill="none" stroke="currentColor" strokeWidth="1.6">
        {reward === 1 && <path d="m1.5 5.5 2.5 2.5 4.5-6" />}
        {reward === 0 && <path d="m2 2 6 6m0-6-6 6" />}
        {reward === null && <circle cx="5" cy="5" r="3.5" strokeDasharray="1.6 1.6" />}
      </svg>
      {word}
      {cutOff && <span className="text-uncertainty"> cut off</span>}
    </span>
  );
}
