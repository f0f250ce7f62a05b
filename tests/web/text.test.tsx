import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { parseBlocks } from "@/components/text/blocks";
import { markChanges } from "@/components/text/changes";
import { splitMath } from "@/components/text/math";
import { ModelText } from "@/components/text/model-text";
import { TextTree } from "@/components/text/text-tree";
import { thinkRanges } from "@/components/text/think";
import type { Block, Inline } from "@/components/text/tree";

const kinds = (text: string) => splitMath(text).map((p) => `${p.kind}:${p.body}`);

describe("text and mathematics are told apart", () => {
  it.each([
    ["so $x^2$ and $$y$$", ["text:so ", "inline:x^2", "text: and ", "display:y"]],
    ["\\(a+b\\) then \\[c\\]", ["inline:a+b", "text: then ", "display:c"]],
    ["It costs $5.00 and $7 in all.", ["text:It costs $5.00 and $7 in all."]],
    ["She makes 9 * 2 = $18 every day, then $224 more", ["text:She makes 9 * 2 = $18 every day, then $224 more"]],
    ["$5$ apples", ["inline:5", "text: apples"]],
    ["$12 \\text{ dollars and cents}$", ["inline:12 \\text{ dollars and cents}"]],
    ["$2xy + 3ab$ and $10 \\bmod 3$", ["inline:2xy + 3ab", "text: and ", "inline:10 \\bmod 3"]],
    ["from $5 to $7 or $8", ["text:from $5 to $7 or $8"]],
    ["costs \\$5 and $n$", ["text:costs \\$5 and ", "inline:n"]],
    ["an open $ stays", ["text:an open $ stays"]],
    ["open \\( stays, $x$ does not", ["text:open \\( stays, ", "inline:x", "text: does not"]],
    ["$a\n\nb$", ["text:$a\n\nb$"]],
    ["Hence \\boxed{\\frac{1}{2}}.", ["text:Hence ", "inline:\\boxed{\\frac{1}{2}}", "text:."]],
    ["\\boxed{never closed", ["text:\\boxed{never closed"]],
    ["“with $(N+1) …” is off by $d$", ["text:“with $(N+1) …” is off by ", "inline:d"]],
    ["$x \\text{ costs \\$3}$", ["inline:x \\text{ costs \\$3}"]],
  ])("%s", (text, expected) => expect(kinds(text)).toEqual(expected));

  it("takes bare environments whole, nested ones too", () => {
    const env = "\\begin{align*}a&=b\\\\ \\begin{pmatrix}1\\end{pmatrix}\\end{align*}";
    expect(kinds(`so ${env} holds`)).toEqual(["text:so ", `display:${env}`, "text: holds"]);
    expect(kinds("\\begin{align} never ends")).toEqual(["text:\\begin{align} never ends"]);
  });

  it("loses no character, whatever the delimiters do", () => {
    const marks = [
      "$",
      "$$",
      "\\(",
      "\\)",
      "\\[",
      "\\]",
      "\\begin{cases}",
      "\\end{cases}",
      "5",
      " ",
      "x_1",
      "\n\n",
      "\\",
      "{",
      "}",
    ];
    let seed = 7;
    for (let i = 0; i < 500; i++) {
      let text = "";
      for (let j = 0; j < 25; j++) {
        seed = (seed * 1103515245 + 12345) % 2147483648;
        text += marks[seed % marks.length];
      }
      expect(
        splitMath(text)
          .map((p) => p.source)
          .join(""),
      ).toBe(text);
    }
  });
});

describe("the Markdown that models write", () => {
  it("reads headings, lists, emphasis around mathematics, and leaves code alone", () => {
    const blocks = parseBlocks(
      "## Step **1**\nWe have **a bound $x$ here**.\n\n- one\n- *two*\n\n3. three\n\n```\n$5 **not bold**\n```\n---",
    );
    expect(blocks.map((b) => b.kind)).toEqual(["heading", "paragraph", "list", "list", "code", "rule"]);
    expect(blocks[1]).toEqual({
      kind: "paragraph",
      children: [
        { kind: "text", text: "We have " },
        {
          kind: "bold",
          children: [
            { kind: "text", text: "a bound " },
            { kind: "math", display: false, body: "x", source: "$x$" },
            { kind: "text", text: " here" },
          ],
        },
        { kind: "text", text: "." },
      ],
    });
    expect(blocks[3]).toMatchObject({ ordered: true, start: 3 });
    expect(blocks[4]).toEqual({ kind: "code", text: "$5 **not bold**" });
  });

  it("does not take products and names for emphasis", () => {
    const text = (s: string) => renderToStaticMarkup(<ModelText text={s} />);
    expect(text("2 * 3 * 4 = 24")).not.toContain("<em>");
    expect(text("snake_case_name")).not.toContain("<em>");
    expect(text("a*b = c")).not.toContain("<em>");
    expect(text("20/100*20 = $<<20/100*20=4.0>>4.")).not.toContain("<em>");
    expect(text("2**10 and 3**4")).not.toContain("<strong>");
    expect(text("(*really*) **so**, yes")).toContain("(<em>really</em>) <strong>so</strong>, yes");
  });

  it("keeps a display formula of several lines together", () => {
    const blocks = parseBlocks("$$\na + b\n- c\n$$");
    expect(blocks).toHaveLength(1);
    expect(blocks[0]).toMatchObject({ children: [{ kind: "math", display: true }] });
  });
});

describe("Markdown as models write it, beyond paragraphs", () => {
  const html = (s: string) => renderToStaticMarkup(<ModelText text={s} />);

  it("nests lists by their indentation, blank lines within included", () => {
    const [list] = parseBlocks("1. first\n   - inner $x$\n   - other\n\n   more of the first\n2. second");
    expect(list).toMatchObject({ kind: "list", ordered: true, start: 1 });
    if (list?.kind !== "list") throw new Error("no list");
    expect(list.items.map((item) => item.map((b) => b.kind))).toEqual([
      ["paragraph", "list", "paragraph"],
      ["paragraph"],
    ]);
  });

  it("reads tables; bars in code, in mathematics and after a backslash part nothing", () => {
    const [table] = parseBlocks("| $n$ | value |\n|:--|--:|\n| $|x|$ | `a|b` |\n| 1 \\| 2 |\nafter");
    expect(table).toMatchObject({ kind: "table", align: ["start", "end"] });
    if (table?.kind !== "table") throw new Error("no table");
    expect(table.rows).toEqual([
      [[{ kind: "math", display: false, body: "|x|", source: "$|x|$" }], [{ kind: "code", text: "a|b" }]],
      [[{ kind: "text", text: "1 | 2" }], []],
    ]);
    expect(html("a | b\n--|--\n1 | 2")).toMatch(/<th scope="col"[^>]*>a<\/th>/);
    expect(html("P(A | B) = 1\nand so")).not.toContain("<table");
  });

  it("reads quotes, and links as words with their address beside them", () => {
    expect(parseBlocks("> said\n> - one")).toMatchObject([
      { kind: "quote", children: [{ kind: "paragraph" }, { kind: "list" }] },
    ]);
    expect(html("see [here](https://example.org/a_b) and ![fig](x.png)")).toMatch(
      /see <span>here .*https:\/\/example.org\/a_b.*\[image: fig\]/,
    );
    expect(html("f on [0,1](x) and a[i](j)")).toContain("[0,1](x) and a[i](j)");
  });

  it("keeps the lines a model ended and joins those that a margin wrapped", () => {
    expect(html("x = 1\ny = 2")).toContain("x = 1<br/>y = 2");
    const wrapped = "This line is long enough to have been wrapped by an editor at some\nmargin, so it runs on";
    expect(html(wrapped)).toContain("at some margin");
    expect(html("so\n$$x$$\nthus")).not.toContain("<br/>");
    expect(html("a<br>b<BR />c")).toContain("a<br/>b<br/>c");
    expect(html("50\\% of \\$3 \\& more")).toContain("50% of $3 &amp; more");
  });
});

describe("blocks of thinking", () => {
  it.each([
    ["<think>a\n\nb</think>\n\nanswer", ["think:a\n\nb", "text"]],
    ["a</think>answer", ["think:a", "text"]],
    ["<think>never ends $x$", ["open:never ends $x$"]],
    ["no tags, but `<think>` in code", ["text"]],
    ["<think></think>answer", ["text"]],
    ["<thinking>a</thinking>b<think>c</think>d", ["think:a", "text", "think:c", "text"]],
    ["answer </think> more", ["think:answer", "text"]],
  ])("%s", (text, expected) => {
    const shown = parseBlocks(text).map((b) =>
      b.kind === "think" ? `${b.closed ? "think" : "open"}:${b.source}` : "text",
    );
    expect(shown).toEqual(expected);
  });

  it("are folded, and say how much they hold", () => {
    const html = renderToStaticMarkup(<ModelText text={"<think>one two three</think>so 4"} />);
    expect(html).toContain("Thinking, 3 words");
    expect(html).not.toContain("one two three");
    expect(renderToStaticMarkup(<ModelText raw text="<think>one</think>" />)).toContain(
      "&lt;think&gt;one&lt;/think&gt;",
    );
  });

  it("span the steps of an attempt", () => {
    expect(thinkRanges(["<think>", "a", "b", "</think>", "answer"])).toEqual([{ from: 1, to: 4, closed: true }]);
    expect(thinkRanges(["<think>a", "b</think> So 3.", "end"])).toEqual([{ from: 1, to: 1, closed: true }]);
    expect(thinkRanges(["a", "b</think>", "answer"])).toEqual([{ from: 1, to: 2, closed: true }]);
    expect(thinkRanges(["intro", "<think>a", "b"])).toEqual([{ from: 2, to: 3, closed: false }]);
    expect(thinkRanges(["<think>a</think> b", "c"])).toEqual([]);
    expect(thinkRanges(["a", "b"])).toEqual([]);
  });
});

describe("what changed between two texts", () => {
  const changed = (blocks: Block[]): string[] => {
    const out: string[] = [];
    const of = (n: Inline): string =>
      "children" in n ? n.children.map(of).join("") : n.kind === "math" ? n.source : n.kind === "text" ? n.text : "";
    const read = (nodes: Inline[]) => {
      for (const n of nodes) {
        if (n.kind === "changed") out.push(of(n));
        else if ("children" in n) read(n.children);
      }
    };
    for (const b of blocks) if (b.kind === "paragraph" || b.kind === "heading") read(b.children);
    return out;
  };
  it("is marked in the typeset text: words and whole formulas", () => {
    const { left, right } = markChanges(
      parseBlocks("The number of $b$ is **exactly** $d(a)$, so we add."),
      parseBlocks("The number of $b$ is **at most** $d(a) - 1$, so we add."),
    );
    expect(changed(left)).toEqual(["exactly", "$d(a)$"]);
    expect(changed(right)).toEqual(["at most", "$d(a) - 1$"]);
    expect(renderToStaticMarkup(<TextTree blocks={right} />)).toMatch(/<ins[^>]*>at most<\/ins>/);
  });
  it("marks nothing when nothing changed, and gives up on texts of thousands of words", () => {
    const text = parseBlocks("same $x$ **text**");
    expect(markChanges(text, text)).toEqual({ left: text, right: text });
    const long = parseBlocks("a b ".repeat(4000));
    expect(changed(markChanges(long, parseBlocks("other")).right)).toEqual([]);
  });
});
