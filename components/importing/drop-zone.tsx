"use client";
import { useId, useState } from "react";
import { cx } from "../ui/cx";
import { Button } from "../ui/button";
import { duration } from "../ui/format";
import { bytesOf } from "./bytes";

interface Sending {
  name: string;
  sent: number;
  bytes: number;
  perSecond: number;
}

/** Where a file is dropped, or picked with the keyboard; while it is sent, how far that is. */
export function DropZone(props: { sending: Sending | null; small: boolean; onFile: (file: File) => void; onStop: () => void }) {
  const id = useId();
  const [over, setOver] = useState(false);
  if (props.sending !== null) return <Progress sending={props.sending} onStop={props.onStop} />;
  return (
    <label
      htmlFor={id}
      onDragOver={(e) => {
        e.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(e) => {
        e.preventDefault();
        setOver(false);
        const file = e.dataTransfer.files[0];
        if (file !== undefined) props.onFile(file);
      }}
      className={cx(
        "flex cursor-pointer flex-col items-center justify-center gap-1 rounded-sm border border-dashed px-4 text-center has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-ink",
        props.small ? "py-4" : "py-10",
        over ? "border-ink bg-sunken" : "border-edge hover:border-ink",
      )}
    >
      <span>
        <b className="font-semibold">{props.small ? "Drop another file here" : "Drop a file here"}</b> or{" "}
        <span className="underline decoration-edge underline-offset-4">choose one</span>
      </span>
      <span className="text-sm text-faint">
        JSON lines, JSON, CSV, TSV, Parquet, also with gzip or zstd; Inspect AI logs (.eval). Any size.
      </span>
      <input
        id={id}
        type="file"
        className="sr-only"
        onChange={(e) => {
          const file = e.target.files?.[0];
          if (file !== undefined) props.onFile(file);
          e.target.value = "";
        }}
      />
    </label>
  );
}

function Progress({ sending, onStop }: { sending: Sending; onStop: () => void }) {
  const { name, sent, bytes, perSecond } = sending;
  const share = bytes === 0 ? 1 : sent / bytes;
  const left = perSecond > 0 ? (bytes - sent) / perSecond : 0;
  return (
    <div className="rounded-sm border border-edge px-4 py-4">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <p className="min-w-0 font-medium break-words">{name}</p>
        <Button tone="quiet" onClick={onStop}>
          Stop
        </Button>
      </div>
      <div
        role="progressbar"
        aria-label={`Sending ${name}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        className="mt-2 h-2 overflow-hidden rounded-full bg-sunken ring-1 ring-rule ring-inset"
      >
        <div className="h-full bg-ink" style={{ width: `${share * 100}%` }} />
      </div>
      <p className="mt-1 text-sm text-faint">
        {bytesOf(sent)} of {bytesOf(bytes)}
        {perSecond > 0 && `, ${bytesOf(perSecond)}/s`}
        {left > 2 && `, about ${duration(left)} left`}
      </p>
    </div>
  );
}
