import type { Interval } from "@/server/core/statistics/intervals";
import { BASELINE_WORDS } from "@/server/core/statistics/positionBaseline";
import type { LocalisationScore } from "@/server/core/statistics/processBench";
import type { BaselineScore, LabelSource, LocatedFilter, LocatorScore } from "@/server/core/views/localisation";
import { Whisker } from "../study/whisker";
import { cx } from "../ui/cx";
import { count, percent, percentRange } from "../ui/format";
import type { LinkLike } from "./confusion-matrix";
import { howWords } from "./words";

type Rows = Pick<LocatedFilter, "label" | "said">;

/** Every run that has located first errors of one source's attempts, each with the best position-only baseline below. */
export function LocatedTable(props: {
  source: LabelSource;
  /** The run that is looked into. */
  chosen: string | null;
  /** Where the rows behind a number are. */
  rowsHref: (runId: string, rows: Rows) => string;
  /** Where a run is looked into. */
  chooseHref: (runId: string) => string;
  link: LinkLike;
}) {
  const { source, link: Link } = props;
  return (
    <div className="relative overflow-x-auto" role="region" aria-label={`Against ${source.source}`} tabIndex={0}>
      <table className="w-full min-w-[58rem]">
        <caption className="sr-only">
          First errors located, against {source.source}: F1, accuracies and shares with 95 % intervals
        </caption>
        <thead>
          <tr className="border-b border-rule text-sm text-faint [&>th]:py-1.5 [&>th]:pe-5 [&>th]:align-bottom">
            <th scope="col" className="w-[24%]">
              Located by
            </th>
            <th scope="col">Attempts</th>
            <th scope="col">
              F1 <span className="block text-xs">ProcessBench’s</span>
            </th>
            <th scope="col" className="w-[14%]">
              <span className="sr-only">F1 on a scale from 0 to 100 %</span>
              <span aria-hidden className="flex justify-between text-xs">
                <span>0</span>
                <span>100 %</span>
              </span>
            </th>
            <th scope="col">
              With an error <span className="block text-xs">exactly that step</span>
            </th>
            <th scope="col">
              Without <span className="block text-xs">none named</span>
            </th>
            <th scope="col">
              Same answer <span className="block text-xs">of all</span>
            </th>
            <th scope="col">
              Within one step <span className="block text-xs">of all</span>
            </th>
            <th scope="col">
              Unread <span className="block text-xs">count as wrong</span>
            </th>
          </tr>
        </thead>
        {source.locators.map((l) => (
          <Locator
            key={l.runId}
            of={l}
            labelled={source.labelled}
            chosen={l.runId === props.chosen}
            rowsHref={props.rowsHref}
            chooseHref={props.chooseHref}
            link={Link}
          />
        ))}
      </table>
    </div>
  );
}

function Locator(props: {
  of: LocatorScore;
  labelled: number;
  chosen: boolean;
  rowsHref: (runId: string, rows: Rows) => string;
  chooseHref: (runId: string) => string;
  link: LinkLike;
}) {
  const { of: l, link: Link } = props;
  const rows = (label: Rows["label"], said: Rows["said"]) => props.rowsHref(l.runId, { label, said });
  const baseline = bestBaseline(l.baselines);
  const partial = l.score.traces < props.labelled;
  const live = l.state === "running" || l.state === "queued" || l.state === "paused";
  return (
    <tbody className={cx("border-b border-rule", props.chosen && "bg-sunken")}>
      <tr className="[&>td]:py-1.5 [&>td]:pe-5 [&>td]:align-baseline [&>th]:py-1.5 [&>th]:pe-5 [&>th]:align-baseline">
        <th scope="row" className="font-normal">
          <Link href={props.chooseHref(l.runId)} className={cx(props.chosen && "font-semibold")}>
            {l.model}
          </Link>
          <span className="block text-sm text-faint">
            {howWords(l)}
            {live && <span className="text-uncertainty"> {l.state}</span>}
          </span>
        </th>
        <td className="whitespace-nowrap">
          <Link href={rows("any", "any")}>{count(l.score.traces)}</Link>
          {partial && <span className="block text-sm text-uncertainty">of {count(props.labelled)}</span>}
        </td>
        <td className="whitespace-nowrap">
          <Share of={l.score.f1} strong />
        </td>
        <td>{l.score.f1 && <Whisker of={l.score.f1} max={1} tone="ink" />}</td>
        <td className="whitespace-nowrap">
          <Part of={l.score.withError} href={rows("error", "agrees")} allHref={rows("error", "any")} link={Link} />
        </td>
        <td className="whitespace-nowrap">
          <Part of={l.score.withoutError} href={rows("none", "agrees")} allHref={rows("none", "any")} link={Link} />
        </td>
        <td className="whitespace-nowrap">
          <Share of={l.score.exact} href={rows("any", "agrees")} link={Link} />
        </td>
        <td className="whitespace-nowrap">
          <Share of={l.score.withinOne} href={rows("any", "within")} link={Link} />
        </td>
        <td>
          {l.relations.unparsed > 0 ? (
            <Link href={rows("any", "unparsed")} className="text-error">
              {count(l.relations.unparsed)}
            </Link>
          ) : (
            <span className="text-faint">0</span>
          )}
        </td>
      </tr>
      {baseline && <Baseline of={baseline} />}
    </tbody>
  );
}

function Baseline({ of: { kind, score } }: { of: BaselineScore }) {
  return (
    <tr className="text-faint [&>td]:pe-5 [&>td]:pb-2 [&>td]:align-baseline [&>th]:pe-5 [&>th]:pb-2 [&>th]:align-baseline">
      <th scope="row" className="text-sm font-normal">
        position alone: {BASELINE_WORDS[kind]}
      </th>
      <td />
      <td className="whitespace-nowrap">
        <Share of={score.f1} />
      </td>
      <td>{score.f1 && <Whisker of={score.f1} max={1} tone="faint" />}</td>
      <td>{score.withError.accuracy && percent(score.withError.accuracy.value)}</td>
      <td>{score.withoutError.accuracy && percent(score.withoutError.accuracy.value)}</td>
      <td className="whitespace-nowrap">
        <Share of={score.exact} />
      </td>
      <td className="whitespace-nowrap">
        <Share of={score.withinOne} />
      </td>
      <td />
    </tr>
  );
}

/** The baseline that is hardest to beat: by F1, or by the share of same answers where F1 is not defined. */
export function bestBaseline(baselines: readonly BaselineScore[]): BaselineScore | null {
  const quality = (s: LocalisationScore) => s.f1?.value ?? s.exact?.value ?? 0;
  return [...baselines].sort((a, b) => quality(b.score) - quality(a.score))[0] ?? null;
}

/** A share with its interval; a gap where it is not defined. */
function Share({
  of,
  strong = false,
  ...rows
}: { of: Interval | null; strong?: boolean } & ({ href: string; link: LinkLike } | { href?: never; link?: never })) {
  if (of === null) return <span className="text-faint">not defined</span>;
  return (
    <>
      {rows.link ? (
        <rows.link href={rows.href}>{percent(of.value)}</rows.link>
      ) : (
        <span className={cx(strong && "font-semibold")}>{percent(of.value)}</span>
      )}
      <span className="block text-xs text-faint">{percentRange(of.low, of.high)}</span>
    </>
  );
}

/** Hits of one kind of attempts. */
function Part(props: {
  of: { n: number; accuracy: Interval | null };
  href: string;
  allHref: string;
  link: LinkLike;
}) {
  const { n, accuracy } = props.of;
  const { link: Link } = props;
  if (accuracy === null) return <span className="text-faint">none there</span>;
  return (
    <>
      {percent(accuracy.value)}
      <span className="block text-xs text-faint">
        <Link href={props.href}>{count(Math.round(accuracy.value * n))}</Link> of{" "}
        <Link href={props.allHref}>{count(n)}</Link>
      </span>
    </>
  );
}
