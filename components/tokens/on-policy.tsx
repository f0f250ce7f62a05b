import { differenceInterval, meanInterval } from "@/server/core/scoring/mean";
import type { ScoreView } from "@/server/core/views/scores";
import { count } from "../ui/format";

/** The original step and what stands in its place, by their mean NLL: is the correction something the model would write? */
export function OnPolicy(props: { original: ScoreView; proposal: ScoreView }) {
  const { original, proposal } = props;
  if (original.mean === null || proposal.mean === null) return null;
  const of = (s: ScoreView) => ({ n: s.n, mean: s.mean ?? 0, sd: s.sd });
  const difference = differenceInterval(of(proposal), of(original));
  const more = proposal.mean - original.mean;
  return (
    <div className="text-sm">
      <table className="w-full tabular-nums">
        <caption className="sr-only">Mean negative log-likelihood per token under {original.model}</caption>
        <thead className="text-faint">
          <tr className="border-b border-edge">
            <th scope="col" className="py-1 text-start font-normal">
              under {original.model}
            </th>
            <th scope="col" className="py-1 text-end font-normal">
              nats/token
            </th>
            <th scope="col" className="py-1 text-end font-normal">
              95 %
            </th>
            <th scope="col" className="py-1 text-end font-normal">
              tokens
            </th>
          </tr>
        </thead>
        <tbody>
          <Row name={`Original step ${original.step}`} tone="text-error" of={original} />
          <Row name="Intervention" tone="text-intervention" of={proposal} />
        </tbody>
      </table>
      <p className="mt-1.5 text-soft">
        The intervention costs the model {Math.abs(more).toFixed(2)} nats a token {more >= 0 ? "more" : "less"} than its own
        step
        {difference !== null && (
          <>
            {" "}
            (95 %: {signed(difference.low)} to {signed(difference.high)})
          </>
        )}
        {difference !== null && difference.low <= 0 && difference.high >= 0 && ": as likely, as far as so few tokens tell"}.
      </p>
      <p className="mt-1 text-faint">
        Student’s intervals over the tokens of each text (Welch’s for the difference). Tokens of one text depend on each
        other: they say how much a mean hangs on single tokens.
      </p>
    </div>
  );
}

function Row(props: { name: string; tone: string; of: ScoreView }) {
  const { of } = props;
  const interval = meanInterval({ n: of.n, mean: of.mean ?? 0, sd: of.sd });
  return (
    <tr className="border-b border-rule">
      <th scope="row" className={`py-1 text-start font-medium ${props.tone}`}>
        {props.name}
      </th>
      <td className="py-1 text-end">{(of.mean ?? 0).toFixed(2)}</td>
      <td className="py-1 text-end whitespace-nowrap">
        {interval === null ? "one token" : `${Math.max(0, interval.low).toFixed(2)} to ${interval.high.toFixed(2)}`}
      </td>
      <td className="py-1 text-end">{count(of.n)}</td>
    </tr>
  );
}

function signed(x: number): string {
  return `${x < 0 ? "−" : "+"}${Math.abs(x).toFixed(2)}`;
}
