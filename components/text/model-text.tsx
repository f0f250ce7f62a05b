import { memo } from "react";
import { parseBlocks } from "./blocks";
import { TextTree } from "./text-tree";

/** Text that a model wrote, as Markdown and mathematics. `raw` shows it exactly as it is. */
export const ModelText = memo(function ModelText({
  text,
  raw = false,
  small = false,
}: {
  text: string;
  raw?: boolean;
  small?: boolean;
}) {
  if (raw) {
    return <pre className="font-mono text-sm leading-6 break-words whitespace-pre-wrap">{cut(text)}</pre>;
  }
  return <TextTree blocks={parseBlocks(text)} small={small} />;
});

const LONGEST_RAW = 400_000;

function cut(text: string): string {
  return text.length > LONGEST_RAW
    ? `${text.slice(0, LONGEST_RAW)}\n… (${text.length - LONGEST_RAW} more characters)`
    : text;
}
