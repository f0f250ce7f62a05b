import { SOURCE_LABEL, SOURCE_SAYS } from "@/server/core/datasets/sources";
import type { SourceRow } from "@/server/core/views/comparing-sources";
import { BuildState } from "../../datasets/build-state";
import type { LinkLike } from "../../study/attempt-columns";
import { count, figure, plural } from "../../ui/format";
import { StateWord } from "../../ui/state-word";
import { withBounds } from "./words";

/** The data sets side by side: what is in them, what was scored of them, what was trained on them. */
export function SourcesTable(props: {
  rows: readonly SourceRow[];
  /** Names of those that the charts show; null: all. */
  shown: readonly string[] | null;
  hrefOf: (row: SourceRow) => string;
  trainingHref: string;
  link: LinkLike;
  onShow: (names: string[] | null) => void;
}) {
  const { rows, shown, link: Link } = props;
  const names = rows.map((r) => r.dataset);
  const ticked = (name: string) => shown === null || shown.includes(name);
  const toggle = (name: string) => {
    const next = names.filter((n) => (n === name ? !ticked(n) : ticked(n)));
    props.onShow(next.length === 0 || next.length === names.length ? null : next);
  };
  return (
    <div className="overflow-x-auto" role="region" aria-label="Sources, side by side" tabIndex={0}>
      <table className="w-full min-w-[56rem] text-sm">
        <caption className="sr-only">Sources, side by side</caption>
        <thead>
          <tr className="border-b border-edge text-faint">
            {["Data set", "Source"].map((label) => (
              <th key={label} scope="col" className="py-1 pe-4 text-start font-normal">{label}</th>
            ))}
            {["Rows", "Tokens", "Tokens a row"].map((label) => (
              <th key={label} scope="col" className="py-1 pe-4 text-end font-normal">{label}</th>
            ))}
            <th scope="col" className="py-1 pe-4 text-start font-normal">NLL per token, 95 %</th>
            <th scope="col" className="py-1 pe-4 text-start font-normal">Scored</th>
            <th scope="col" className="py-1 text-start font-normal">Trained on it</th>
          </tr>
        </thead>
        <tbody className="divide-y divide-rule">
          {rows.map((row) => (
            <tr key={row.datasetId} className="align-baseline">
              <th scope="row" className="py-1.5 pe-4 text-start font-normal">
                <span className="flex items-baseline gap-2">
                  <input
                    type="checkbox"
                    className="size-4 shrink-0 self-center accent-ink"
                    aria-label={`Show ${row.dataset} in the charts`}
                    checked={ticked(row.dataset)}
                    onChange={() => toggle(row.dataset)}
                  />
                  <Link href={props.hrefOf(row)} className="underline decoration-edge underline-offset-4 hover:decoration-current">
                    {row.dataset}
                  </Link>
                </span>
              </th>
              <td className="py-1.5 pe-4 whitespace-nowrap" title={SOURCE_SAYS[row.source]}>
                {SOURCE_LABEL[row.source]}
                {row.variant !== "" && <span className="text-faint">, {row.variant}</span>}
              </td>
              <td className="py-1.5 pe-4 text-end">{row.state === "ready" ? count(row.rows) : <Building row={row} />}</td>
              <td className="py-1.5 pe-4 text-end">{row.tokens === null ? <Gap /> : count(row.tokens)}</td>
              <td className="py-1.5 pe-4 text-end">{row.tokens === null || row.rows === 0 ? <Gap /> : figure(row.tokens / row.rows)}</td>
              <td className="py-1.5 pe-4 whitespace-nowrap">
                {row.nll[0] === undefined ? <Gap /> : withBounds(row.nll[0].perToken)}
              </td>
              <td className="py-1.5 pe-4">
                <Scored row={row} />
              </td>
              <td className="py-1.5">
                <Trained row={row} href={props.trainingHref} link={Link} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const Gap = () => <span className="text-faint">—</span>;

function Building({ row }: { row: SourceRow }) {
  return <BuildState dataset={{ state: row.state, build: row.build === null ? null : { pipelineId: "", state: "running", message: "", ...row.build } }} />;
}

function Scored({ row }: { row: SourceRow }) {
  const { scoring, nll } = row;
  const traces = nll[0]?.traces ?? 0;
  const live = scoring !== null && (scoring.state === "queued" || scoring.state === "running" || scoring.state === "paused");
  return (
    <span className="inline-flex flex-wrap items-baseline gap-x-2">
      {traces > 0 ? (
        <span className="whitespace-nowrap">
          {plural(traces, "row")} of {count(row.rows)}
        </span>
      ) : (
        !live && <span className="text-faint">not yet</span>
      )}
      {live && (
        <span className="whitespace-nowrap">
          <StateWord state={scoring.state} word={scoring.state === "running" ? "scoring" : scoring.state} />{" "}
          <span className="text-faint">
            {count(scoring.done)} / {count(scoring.total)}
          </span>
        </span>
      )}
      {scoring !== null && scoring.failed > 0 && <span className="text-error">{plural(scoring.failed, "row")} failed: {scoring.message}</span>}
      {live && scoring.failed === 0 && scoring.message !== "" && <span className="text-uncertainty">{scoring.message}</span>}
    </span>
  );
}

function Trained({ row, href, link: Link }: { row: SourceRow; href: string; link: LinkLike }) {
  const { chains } = row;
  if (chains.length === 0) return <span className="text-faint">not yet</span>;
  const all = chains.flatMap((c) => [c.sft, ...c.rl]);
  const live = all.filter((t) => t.state === "queued" || t.state === "running" || t.state === "paused");
  const failed = all.filter((t) => t.state === "failed" || t.state === "cancelled");
  const rl = chains.flatMap((c) => c.rl);
  return (
    <span className="inline-flex flex-wrap items-baseline gap-x-2">
      <Link href={`${href}?curves=${all.map((t) => t.id).join(",")}`} className="whitespace-nowrap underline decoration-edge underline-offset-4 hover:decoration-current">
        {plural(chains.length, "SFT", "SFTs")}
        {rl.length > 0 && `, ${plural(rl.length, "RL run")}`}
      </Link>
      {live.map((t) => (
        <span key={t.id} className="whitespace-nowrap">
          <StateWord state={t.state} word={t.state === "running" ? "training" : t.state} />{" "}
          <span className="text-faint">
            {count(t.step)} / {count(t.steps)}
          </span>
        </span>
      ))}
      {failed.length > 0 && <span className="text-error">{count(failed.length)} without a model</span>}
    </span>
  );
}
