"use client";
import { useRef, useState } from "react";
import { Button } from "../ui/button";

/** Code to paste, with a button that copies it. */
export function CopyText({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  const shown = useRef<HTMLPreElement>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      // Without the right to write there, it is selected: the keyboard copies it.
      if (shown.current) window.getSelection()?.selectAllChildren(shown.current);
    }
  };
  return (
    <div className="flex flex-wrap items-start gap-2">
      <pre
        ref={shown}
        tabIndex={0}
        role="region"
        aria-label={label}
        className="max-w-full min-w-0 flex-1 basis-72 overflow-x-auto rounded-sm bg-sunken px-3 py-2 font-mono text-sm"
      >
        {text}
      </pre>
      <Button onClick={() => void copy()}>{copied ? "Copied" : "Copy"}</Button>
      <span role="status" className="sr-only">
        {copied ? `${label}: copied` : ""}
      </span>
    </div>
  );
}
