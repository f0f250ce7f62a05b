import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { parseBlocks } from "@/components/text/blocks";
import { splitMath } from "@/components/text/math";
import { ModelText } from "@/components/text/model-text";
import { typeset } from "@/components/text/typeset";

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

describe("hostile text stays text", () => {
  const hostile = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "![x](javascript:alert(1))",
    "<a href='javascript:alert(1)'>x</a>",
    "```html\n<script>alert(1)</script>\n```",
    "`<script>alert(1)</script>`",
    "**<svg onload=alert(1)>**",
    "# <iframe src=//evil>",
    "- <b onmouseover=alert(1)>",
    "$<script>alert(1)</script>$",
  ];
  it.each(hostile)("%s", (text) => {
    for (const raw of [false, true]) {
      const html = renderToStaticMarkup(<ModelText text={text} raw={raw} />);
      expect(html).not.toMatch(/<(script|img|svg|iframe|a|b)[\s>]/i);
      expect(html).not.toMatch(/<[^>]*\s(href|src|on\w+)=/i);
    }
  });

  const formulas = [
    "\\href{javascript:alert(1)}{x}",
    "\\url{javascript:alert(1)}",
    "\\htmlData{onclick=alert(1)}{x}",
    "\\htmlId{a}{x}",
    "\\htmlStyle{position:fixed}{x}",
    "\\htmlClass{a}{x}",
    "\\includegraphics{https://evil/x.png}",
    "\\text{<script>alert(1)</script>}",
    "\\text{<img src=x onerror=alert(1)>}",
    "\\unicode{60}script",
  ];
  it.each(formulas)("in a formula: %s", (body) => {
    const { html } = typeset(body, true);
    if (html === null) return;
    // What KaTeX repeats as source is escaped text; tags and attributes of the attacker must not exist.
    expect(html).not.toMatch(/<(script|img|a|iframe)[\s>]/i);
    expect(html).not.toMatch(/<[^>]*\s(href|src|data-\w+|id|on\w+)=/i);
    expect(html).not.toMatch(/<[^>]*position\s*:\s*fixed/);
  });

  it("bounds sizes and macro bombs", () => {
    expect(typeset("\\rule{9999em}{9999em}", true).html).not.toMatch(/<[^>]*9999em/);
    const bomb =
      "\\def\\a{\\b\\b}\\def\\b{\\c\\c}\\def\\c{\\d\\d}\\def\\d{\\e\\e}\\def\\e{\\f\\f}\\def\\f{\\g\\g}\\def\\g{\\h\\h}\\def\\h{\\i\\i}\\def\\i{xxxxxxxx}\\a";
    expect(typeset(bomb, false)).toMatchObject({ html: null });
  });

  it("shows what KaTeX cannot read as its source, with the reason", () => {
    expect(typeset("\\frac{1}{", false)).toMatchObject({ html: null, why: expect.stringMatching(/./) });
  });

  it("cuts a line of a megabyte and says so, quickly", () => {
    // The processor's time: the machine may be busy with other things.
    const before = process.cpuUsage();
    for (const unit of ["x", "$", "**a", "`", "\\begin{cases}", "_a ", "$$ ", "* a\n", "\\(", "#", "1. "]) {
      const html = renderToStaticMarkup(<ModelText text={unit.repeat(Math.ceil(1_000_000 / unit.length))} />);
      expect(html.length).toBeLessThan(2_000_000);
      expect(html).toMatch(/more characters/);
    }
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(5_000);
  });
});
