import { Fragment, type ReactNode } from "react";
import { Disclosure } from "../ui/disclosure";
import { parseBlocks } from "./blocks";
import { Formula } from "./formula";
import { WhenNear } from "./near";
import { type Block, formulasIn, type Inline } from "./tree";

/** Texts with more formulas than this typeset them as they come near the window, block by block. */
const AT_ONCE = 4;

/** A parsed text, drawn. Elements alone: no string of a model ever becomes HTML, an address or a style. */
export function TextTree({ blocks, small = false }: { blocks: readonly Block[]; small?: boolean }) {
  const later = formulasIn(blocks) > AT_ONCE;
  return (
    <div className={small ? "reading small" : "reading"}>
      {blocks.map((b, i) => (later && formulasIn([b]) > 0 ? <WhenNear key={i}>{block(b, i)}</WhenNear> : block(b, i)))}
    </div>
  );
}

const ALIGN = { start: "text-start", center: "text-center", end: "text-end" } as const;

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
      const items = b.items.map((item, i) => <li key={i}>{item.map(block)}</li>);
      return b.ordered ? (
        <ol key={key} start={b.start}>
          {items}
        </ol>
      ) : (
        <ul key={key}>{items}</ul>
      );
    }
    case "quote":
      return (
        <blockquote key={key} className="border-s-2 border-edge ps-3 text-soft">
          {b.children.map(block)}
        </blockquote>
      );
    case "table":
      return (
        <div key={key} className="overflow-x-auto" role="group" aria-label="Table in the text" tabIndex={0}>
          <table className="text-[0.94em]">
            <thead>
              <tr className="border-b border-edge">
                {b.head.map((cell, i) => (
                  <th key={i} scope="col" className={`px-2 py-0.5 font-semibold ${ALIGN[b.align[i] ?? "start"]}`}>
                    {cell.map(inline)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {b.rows.map((row, r) => (
                <tr key={r} className="border-b border-rule">
                  {row.map((cell, i) => (
                    <td key={i} className={`px-2 py-0.5 align-top ${ALIGN[b.align[i] ?? "start"]}`}>
                      {cell.map(inline)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
    case "code":
      return (
        <pre
          key={key}
          tabIndex={0}
          className="overflow-x-auto rounded-xs bg-sunken p-3 font-mono text-sm leading-6 text-ink"
        >
          {b.text}
        </pre>
      );
    case "rule":
      return <hr key={key} className="my-3 border-rule" />;
    case "think":
      return (
        <Disclosure key={key} title={thinkTitle(b)}>
          <div className="border-s-2 border-rule ps-3 text-soft">
            <TextTree blocks={parseBlocks(b.source)} small />
          </div>
        </Disclosure>
      );
  }
}

function thinkTitle(b: { source: string; closed: boolean }): string {
  const words = b.source.split(/\s+/, 100_000).length;
  return `Thinking, ${words.toLocaleString("en")} ${words === 1 ? "word" : "words"}${b.closed ? "" : ", cut off"}`;
}

function inline(node: Inline, key: number): ReactNode {
  switch (node.kind) {
    case "text":
      return <Fragment key={key}>{lines(node.text)}</Fragment>;
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
    case "link":
      return (
        <span key={key}>
          {node.image ? `[image${node.label === "" ? "" : `: ${node.label}`}]` : plain(node.label)}{" "}
          <span className="font-mono text-[0.8em] break-all text-faint">({node.target})</span>
        </span>
      );
    case "changed":
      return node.side === "removed" ? (
        <del key={key} className="changed removed">
          {node.children.map(inline)}
        </del>
      ) : (
        <ins key={key} className="changed added">
          {node.children.map(inline)}
        </ins>
      );
    case "cut":
      return (
        <span key={key} className="font-sans text-sm text-uncertainty">
          {" "}
          … cut here; {node.hidden.toLocaleString("en")} more characters
        </span>
      );
  }
}

/** Escapes that LaTeX needs and text does not. */
const plain = (text: string) => text.replace(/\\([$%&#_])/g, "$1");

/** Lines stay lines; `<br>` is one of the few tags models write, and means one too. */
function lines(text: string): ReactNode {
  const parts = plain(text).split(/\n|<br\s{0,3}\/?>/i);
  if (parts.length === 1) return parts[0];
  return parts.map((part, i) => (
    <Fragment key={i}>
      {i > 0 && <br />}
      {part}
    </Fragment>
  ));
}
