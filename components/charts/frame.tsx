"use client";
import { type ReactNode, useId, useRef, useState } from "react";
import { Button } from "../ui/button";
import { DataTable } from "./data-table";
import { type Series, standaloneSvg } from "./export";
import { Swatch } from "./mark";
import type { ChartTable } from "./table";
import { Tools } from "./tools";

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
  /** Its figures, made when they are asked for: a chart of thousands of problems is drawn without them. */
  table: () => ChartTable;
  /** File name without its ending; also the anchor of the link, so unique on its page: "nll-by-source". */
  file: string;
  /** What a screen reader is told in place of the drawing. Default: title and note. */
  label?: string;
  /** Legend; part of the export too. Leave it out for one series. */
  series?: readonly Series[];
  /** The legend stands elsewhere on the page: it is not drawn here, but it is in the export. */
  legendElsewhere?: boolean;
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
  const picture = () => {
    if (drawing.current === null) throw new Error("There is no drawing yet.");
    return standaloneSvg(drawing.current, { title, note, series });
  };
  return (
    <figure id={file} aria-labelledby={heading} className="min-w-0 scroll-mt-14" data-chart={file}>
      <figcaption>
        <h3 id={heading} className="text-base">
          {title}
        </h3>
        <p className="text-sm text-faint">{note}</p>
      </figcaption>
      {props.empty !== undefined ? (
        <p className="mt-3 max-w-prose text-sm text-soft">{props.empty}</p>
      ) : (
        <>
          {series.length > 0 && props.legendElsewhere !== true && (
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
          <div className="mt-1">
            <Tools
              title={title}
              file={file}
              table={table}
              picture={picture}
              before={
                <Button tone="quiet" aria-expanded={asTable} aria-label={`${title}: table`} onClick={() => setAsTable(!asTable)}>
                  {asTable ? "Hide table" : "Table"}
                </Button>
              }
            >
              {props.controls}
            </Tools>
          </div>
          {asTable && <DataTable table={table()} label={title} />}
        </>
      )}
    </figure>
  );
}
