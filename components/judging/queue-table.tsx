import type { QueueCard } from "@/server/core/views/judging";
import type { LinkLike } from "../study/attempt-columns";
import { count, moment, plural } from "../ui/format";
import { ProgressBar } from "./progress-bar";

/** What a queue hides, in words. */
export function ruleWords(q: Pick<QueueCard, "blind" | "judges" | "hideProposal" | "hideOutcomes">): string {
  const hidden = [q.hideProposal && "proposal", q.hideOutcomes && "outcomes"].filter((w) => w !== false);
  return `${plural(q.judges, "judge")} an item, ${q.blind ? "blind" : "open"}${hidden.length > 0 ? `, ${hidden.join(" and ")} hidden before deciding` : ""}`;
}

/** The queues of a study. */
export function QueueTable(props: { rows: readonly QueueCard[]; href: (q: QueueCard) => string; link: LinkLike }) {
  const { link: Link } = props;
  return (
    <ul className="divide-y divide-rule border-y border-rule">
      {props.rows.map((q) => (
        <li key={q.id} className="grid gap-x-8 gap-y-1 py-3 md:grid-cols-[minmax(0,2fr)_minmax(0,2fr)_minmax(0,1fr)]">
          <div className="min-w-0">
            <p className="font-medium">
              <Link href={props.href(q)}>{q.name}</Link>
              {q.closedAt !== null && <span className="font-normal text-faint"> closed</span>}
            </p>
            <p className="text-sm text-faint">
              {q.subject === "proposal" ? "proposals" : "attempts"}, {ruleWords(q)}
            </p>
          </div>
          <div className="text-sm">
            <ProgressBar done={q.votes} of={q.votesWanted} label={`Votes of ${q.name}`} />
            <p className="mt-1 text-soft tabular-nums">
              {count(q.votes)} of {plural(q.votesWanted, "vote")}, {count(q.complete)} of {plural(q.items, "item")}{" "}
              complete
              {q.differing > 0 && `, ${count(q.differing)} to settle`}
            </p>
          </div>
          <div className="text-sm text-soft">
            {q.closedAt === null && q.mine.left > 0 && (
              <p>
                <Link href={`${props.href(q)}/judge`}>{count(q.mine.left)} left for you</Link>
              </p>
            )}
            {q.atWork > 0 && <p>{plural(q.atWork, "person is", "people are")} at work</p>}
            <p className="text-faint">
              {q.createdBy === "" ? "" : `${q.createdBy}, `}
              {moment(q.createdAt)}
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}
