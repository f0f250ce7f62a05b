import type { JudgeProgress, QueueProgress } from "@/server/core/views/judging";
import { count, duration, moment, plural } from "../ui/format";
import { ProgressBar } from "./progress-bar";

/** How far a queue is, and how long the rest takes. */
export function QueueNumbers({ of: p, closed }: { of: QueueProgress; closed: boolean }) {
  return (
    <div className="mb-6">
      <ProgressBar done={p.votes} of={p.votesWanted} label="Votes" />
      <p className="mt-2 flex flex-wrap gap-x-5 gap-y-1 text-soft tabular-nums">
        <span>
          {count(p.votes)} of {plural(p.votesWanted, "vote")}
        </span>
        <span>
          {count(p.complete)} of {plural(p.items, "item")} complete
        </span>
        {p.differing > 0 && <span>judges differ on {count(p.differing)}</span>}
        {p.settled > 0 && <span>{count(p.settled)} settled</span>}
        {p.atWork > 0 && <span>{plural(p.atWork, "person is", "people are")} at work</span>}
        {p.medianSeconds !== null && <span>median {duration(p.medianSeconds)} a vote</span>}
        {!closed && p.votes < p.votesWanted && (
          <span>
            {p.secondsLeft === null ? "no vote yet to go by" : `about ${duration(p.secondsLeft)} left at this pace`}
          </span>
        )}
      </p>
    </div>
  );
}

/** Each judge: what they did, what is left for them, what they hold. */
export function JudgesTable({ judges, me }: { judges: readonly JudgeProgress[]; me: string | null }) {
  if (judges.length === 0) return <p className="text-faint">Nobody has judged here yet.</p>;
  return (
    <div className="relative overflow-x-auto" role="region" aria-label="Judges" tabIndex={0}>
      <table className="w-full min-w-[44rem] text-sm">
        <caption className="sr-only">Progress of each judge</caption>
        <thead>
          <tr className="border-b border-rule text-faint">
            {["Judge", "Votes", "In the last hour", "Median", "Left", "Skipped", "Taken back", "Flagged", "Holds"].map(
              (h, i) => (
                <th key={h} scope="col" className={`py-1 pe-4 font-medium ${i > 0 && i < 8 ? "text-end" : ""}`}>
                  {h}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody className="tabular-nums">
          {judges.map((j) => (
            <tr key={j.person.id} className="border-b border-rule">
              <th scope="row" className="max-w-48 truncate py-1.5 pe-4 font-medium">
                {j.person.name}
                {j.person.id === me && <span className="font-normal text-faint"> (you)</span>}
              </th>
              <td className="pe-4 text-end">{count(j.votes)}</td>
              <td className="pe-4 text-end">{count(j.lastHour)}</td>
              <td className="pe-4 text-end">{j.medianSeconds === null ? "–" : duration(j.medianSeconds)}</td>
              <td className="pe-4 text-end">{count(j.left)}</td>
              <td className="pe-4 text-end">{count(j.skips)}</td>
              <td className="pe-4 text-end">{count(j.undos)}</td>
              <td className="pe-4 text-end">{count(j.flags)}</td>
              <td>
                {j.holds.length === 0 ? (
                  <span className="text-faint">
                    {j.lastAt === null ? "nothing" : `nothing; last vote ${moment(j.lastAt)}`}
                  </span>
                ) : (
                  j.holds.map((h) => `item ${h.number} until ${h.expiresAt.toISOString().slice(11, 16)} UTC`).join(", ")
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
