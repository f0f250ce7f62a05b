"use client";
import { type ReactNode, useState } from "react";
import { Button } from "../ui/button";
import { download, pngOf } from "./export";
import { type ChartTable, csvOf } from "./table";

/** The ways to take figures along: CSV, the drawing where there is one, and a link to just this. */
export function Tools(props: {
  title: string;
  /** File name without its ending, and the anchor that the link leads to. */
  file: string;
  /** What is downloaded, made when it is asked for. */
  table: () => ChartTable;
  /** The drawing as an SVG that stands on its own. */
  picture?: () => { text: string; width: number; height: number };
  /** More, before and behind. */
  before?: ReactNode;
  children?: ReactNode;
}) {
  const { title, file, table, picture } = props;
  const [said, setSaid] = useState("");
  const act = (what: () => void | Promise<void>) => async () => {
    try {
      setSaid("");
      await what();
    } catch (error) {
      setSaid(error instanceof Error ? error.message : String(error));
    }
  };
  const csv = act(() => download(`${file}.csv`, new Blob([csvOf(table())], { type: "text/csv;charset=utf-8" })));
  const svg = act(() => {
    if (picture) download(`${file}.svg`, new Blob([picture().text], { type: "image/svg+xml" }));
  });
  const png = act(async () => {
    if (picture) download(`${file}.png`, await pngOf(picture()));
  });
  const link = act(async () => {
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
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
      {props.before}
      <Tool name="CSV" label={`${title}: download CSV`} onClick={csv} />
      {picture !== undefined && <Tool name="SVG" label={`${title}: download SVG`} onClick={svg} />}
      {picture !== undefined && <Tool name="PNG" label={`${title}: download PNG`} onClick={png} />}
      <Tool name="Link" label={`${title}: copy link`} onClick={link} />
      {props.children}
      <span role="status" className="text-sm text-faint">
        {said}
      </span>
    </div>
  );
}

function Tool({ name, label, onClick }: { name: string; label: string; onClick: () => Promise<void> }) {
  return (
    <Button tone="quiet" aria-label={label} onClick={() => void onClick()}>
      {name}
    </Button>
  );
}
