"use client";
import { type ReactNode, useId, useRef, useState } from "react";
import { Button } from "../ui/button";
import { DataTable } from "./data-table";
import { download, pngOf, type Series, standaloneSvg } from "./export";
import { Swatch } from "./mark";
import { type ChartTable, csvOf } from "./table";

/**
 * The frame of every chart: what it shows, with how many and how sure; the drawing; its data as a table; and the ways to take it
 * along (CSV, SVG, PNG, a link to just this).
 *
 * The drawing (Recharts or plain SVG) takes its colours from tokens. It is a picture to a screen reader (its name is `label`);
 * whatever a click in it does stands as a link in the table too.
 */
export function ChartFrame(props: {
  title: string;
  /** n and the interval in words: "412 problems × 128 samples; 95 % bootstrap over problems". */
  note: string;
  table: ChartTable;
  /** File name without its ending; also the anchor of the link, so unique on its page: "nll-by-source". */
  file: string;
  /** What a screen reader is told in place of the drawing. Default: title and note. */
  label?: string;
  /** Legend; part of the export too. Leave it out for one series. */
  series?: readonly Series[];
  /** Controls of this chart alone, beside its tools. */
  controls?: ReactNode;
  /** Said in place of the drawing where there is nothing to draw. */
  empty?: string;
  children: ReactNode;
}) {
  const { title, note, table, file, series = [] } = props;
  const heading = useId();
  const drawing = useRef<HTMLDivElement>(null);
  const [asTable, setAsTable] = useState(false);
  const [said, setSaid] = useState("");
  const nothing = props.empty !== undefined;

  const attempt = async (what: () => void | Promise<void>) => {
    try {
      setSaid("");
      await what();
    } catch (error) {
      setSaid(error instanceof Error ? error.message : String(error));
    }
  };
  const svg = () => {
    if (drawing.current === null) throw new Error("There is no drawing yet.");
    return standaloneSvg(drawing.current, { title, note, series });
  };
  const copyLink = () =>
    attempt(async () => {
      const here = new URL(window.location.href);
      here.hash = file;
      try {
        await navigator.clipboard.writeText(here.href);
        setSaid("Link copied.");
      } catch {
        // Without the right to write there, the address itself becomes the link.
        window.history.replaceState(null, "", here.href);
        setSaid("The address of this page is the link.");
      }
    });
  const tools: [string, () => void][] = [
    ["CSV", () => void attempt(() => download(`${file}.csv`, new Blob([csvOf(table)], { type: "text/csv;charset=utf-8" })))],
    ["SVG", () => void attempt(() => download(`${file}.svg`, new Blob([svg().text], { type: "image/svg+xml" })))],
    ["PNG", () => void attempt(async () => download(`${file}.png`, await pngOf(svg())))],
    ["Link", () => void copyLink()],
  ];
  return (
    <figure id={file} aria-labelledby={heading} className="min-w-0 scroll-mt-14" data-chart={file}>
      <figcaption>
        <h3 id={heading} className="text-base">
          {title}
        </h3>
        <p className="text-sm text-faint">{note}</p>
      </figcaption>
      {nothing ? (
        <p className="mt-3 max-w-prose text-sm text-soft">{props.empty}</p>
      ) : (
        <>
          {series.length > 0 && (
            <ul className="mt-2 flex flex-wrap gap-x-5 gap-y-1 text-sm" aria-label="Legend">
              {series.map((s) => (
                <li key={s.name} className="flex min-w-0 items-baseline gap-2">
                  <Swatch look={s.look} line={s.as !== "points"} mark={s.as === "points" || s.as === "both"} />
                  <span className="min-w-0 [overflow-wrap:anywhere]">{s.name}</span>
                </li>
              ))}
            </ul>
          )}
          {/* Beside its table the drawing stays: what is exported is what was seen. */}
          <div ref={drawing} role="img" aria-label={props.label ?? `${title}. ${note}`} className="mt-2 min-w-0">
            {props.children}
          </div>
          <div className="mt-1 flex flex-wrap items-center gap-x-4 gap-y-1">
            <Button tone="quiet" aria-pressed={asTable} aria-label={`${title}: table`} onClick={() => setAsTable(!asTable)}>
              {asTable ? "Hide table" : "Table"}
            </Button>
            {tools.map(([name, run]) => (
              <Button key={name} tone="quiet" aria-label={name === "Link" ? `${title}: copy link` : `${title}: download ${name}`} onClick={run}>
                {name}
              </Button>
            ))}
            {props.controls}
            <span role="status" className="text-sm text-faint">
              {said}
            </span>
          </div>
          {asTable && <DataTable table={table} label={title} />}
        </>
      )}
    </figure>
  );
}
