import { Fragment, memo, type ReactNode } from "react";
import { type Block, type Inline, parseBlocks } from "./blocks";
import { Formula } from "./formula";

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
  return <div className={small ? "reading small" : "reading"}>{parseBlocks(text).map(block)}</div>;
});

const LONGEST_RAW = 400_000;

function cut(text: string): string {
  return text.length > LONGEST_RAW
    ? `${text.slice(0, LONGEST_RAW)}\n… (${text.length - LONGEST_RAW} more characters)`
    : text;
}

function block(b: Block, key: number): ReactNode {
  switch (b.kind) {
    case "paragraph":
      return <p key={key}>{b.children.map(inline)}</p>;
    case "heading":
      // Not a heading element: a model's headings do not belong to the outline of our page.
      return (
        <p key={key} className={b.level <= 2 ? "font-semibold text-[1.08em]" : "font-semibold"}>
          {b.children.map(inline)}
        </p>
      );
    case "list": {
      const items = b.items.map((item, i) => <li key={i}>{item.map(inline)}</li>);
      return b.ordered ? (
        <ol key={key} start={b.start}>
          {items}
        </ol>
      ) : (
        <ul key={key}>{items}</ul>
      );
    }
    case "code":
      return (
        <pre key={key} className="overflow-x-auto rounded-xs bg-sunken p-3 font-mono text-sm leading-6">
          {b.text}
        </pre>
      );
    case "rule":
      return <hr key={key} className="my-3 border-rule" />;
  }
}

function inline(node: Inline, key: number): ReactNode {
  switch (node.kind) {
    case "text":
      return <Fragment key={key}>{node.text.replaceAll("\\$", "$")}</Fragment>;
    case "code":
      return (
        <code key={key} className="rounded-xs bg-sunken px-1 font-mono text-[0.85em]">
          {node.text}
        </code>
      );
    case "bold":
      return <strong key={key}>{node.children.map(inline)}</strong>;
    case "italic":
      return <em key={key}>{node.children.map(inline)}</em>;
    case "math":
      return <Formula key={key} body={node.body} source={node.source} display={node.display} />;
    case "cut":
      return (
        <span key={key} className="font-sans text-sm text-uncertainty">
          {" "}
          … cut here; {node.hidden.toLocaleString("en")} more characters
        </span>
      );
  }
}
