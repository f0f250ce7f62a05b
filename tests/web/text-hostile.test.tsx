import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { parseBlocks } from "@/components/text/blocks";
import { markChanges } from "@/components/text/changes";
import { ModelText } from "@/components/text/model-text";
import { TextTree } from "@/components/text/text-tree";
import { typeset } from "@/components/text/typeset";

/** Model text is hostile: it must stay text, in bounded time, whatever it is. */
const ATTACKS = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "[click](javascript:alert(1))",
  "[click](JaVaScRiPt:alert(1))",
  "[click](data:text/html,<script>alert(1)</script>)",
  "[click](vbscript:x)",
  "![x](javascript:alert(1))",
  "![x](https://evil.example/pixel.png)",
  "[x]: javascript:alert(1)",
  "<javascript:alert(1)>",
  "<https://evil.example>",
  "<a href='javascript:alert(1)'>x</a>",
  "```html\n<script>alert(1)</script>\n```",
  '```"><img src=x onerror=alert(1)>\nx\n```',
  "`<script>alert(1)</script>`",
  "**<svg onload=alert(1)>**",
  "# <iframe src=//evil>",
  "- <b onmouseover=alert(1)>",
  "> <object data=x>",
  "| <script>a</script> | b |\n|---|---|\n| <img src=x onerror=a> | [x](javascript:a) |",
  "<think><img src=x onerror=alert(1)></think><script>x</script>",
  "$<script>alert(1)</script>$",
  "&lt;script&gt;alert(1)&lt;/script&gt;",
  "<br onclick=alert(1)>",
  "<style>*{display:none}</style>",
  "<form action=//evil><input>",
  "\u202e<script>\u0000alert(1)</script>",
];

describe("hostile text stays text", () => {
  it.each(ATTACKS)("%s", (text) => {
    const drawn = [
      ...[false, true].map((raw) => renderToStaticMarkup(<ModelText text={text} raw={raw} />)),
      renderToStaticMarkup(<TextTree blocks={markChanges(parseBlocks("x"), parseBlocks(text)).right} />),
    ];
    for (const html of drawn) {
      expect(html).not.toMatch(/<(script|img|iframe|object|style|form|input|a|b)[\s>]/i);
      expect(html).not.toMatch(/<[^>]*\s(href|src|action|data|on\w+)=/i);
      // The one drawing of our own is the mark of a fold.
      expect(html.replace(/<svg width="8" height="8" viewBox="0 0 8 8" aria-hidden="true"[^>]*>/g, "")).not.toMatch(
        /<svg/,
      );
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
    "\\includegraphics[alt=x onerror=alert(1)]{javascript:alert(1)}",
    "\\text{<script>alert(1)</script>}",
    "\\text{<img src=x onerror=alert(1)>}",
    "\\unicode{60}script",
    "\\def\\x{\\href{javascript:alert(1)}{y}}\\x",
    "\\color{red;position:fixed}x",
    "\\textcolor{url(javascript:alert(1))}{x}",
    "\\class{evil}{x}\\cssId{evil}{x}\\style{position:fixed}{x}",
    '\\label{"><img src=x onerror=alert(1)>}x',
  ];
  it.each(formulas)("in a formula: %s", (body) => {
    const { html } = typeset(body, true);
    if (html === null) return;
    // What KaTeX repeats as source is escaped text; tags and attributes of the attacker must not exist.
    expect(html).not.toMatch(/<(script|img|a|iframe)[\s>]/i);
    expect(html).not.toMatch(/<[^>]*\s(href|src|data-\w+|id|on\w+)=/i);
    expect(html).not.toMatch(/<[^>]*(position\s*:\s*fixed|url\()/);
    expect(html).not.toMatch(/class="[^"]*\bevil\b/);
  });

  it("is not typeset when it asks for trust, and says so", () => {
    for (const body of formulas.slice(0, 6))
      expect(typeset(body, false)).toEqual({ html: null, why: expect.stringMatching(/^\\\w+ is not allowed/) });
  });

  it("bounds sizes and macro bombs", () => {
    expect(typeset("\\rule{9999em}{9999em}", true).html).not.toMatch(/<[^>]*9999em/);
    const bomb =
      "\\def\\a{\\b\\b}\\def\\b{\\c\\c}\\def\\c{\\d\\d}\\def\\d{\\e\\e}\\def\\e{\\f\\f}\\def\\f{\\g\\g}\\def\\g{\\h\\h}\\def\\h{\\i\\i}\\def\\i{xxxxxxxx}\\a";
    expect(typeset(bomb, false)).toMatchObject({ html: null });
    expect(typeset("\\def\\a{\\a}\\a", false)).toMatchObject({ html: null });
    // What one formula defines, the next does not know.
    typeset("\\gdef\\leak{x}\\leak", false);
    expect(typeset("\\leak", false)).toMatchObject({ html: null });
  });

  it("shows what KaTeX cannot read as its source, with the reason", () => {
    expect(typeset("\\frac{1}{", false)).toMatchObject({ html: null, why: expect.stringMatching(/./) });
    for (const open of ["{", "\\left(", "\\frac{", "\\sqrt{", "^{", "\\begin{pmatrix}"]) {
      const deep = typeset(open.repeat(Math.floor(7_900 / open.length)), true);
      expect(deep.html === null ? deep.why : "").not.toBe("");
    }
  });
});

describe("hostile text costs bounded time", () => {
  /** The processor's time: the machine may be busy with other things. */
  const cost = (text: string) => {
    const before = process.cpuUsage();
    const html = renderToStaticMarkup(<ModelText text={text} />);
    return { html, ms: process.cpuUsage(before).user / 1000 };
  };

  const UNITS = [
    "x",
    "$",
    "$x$ ",
    "**a",
    "**a** $x$ ",
    "`",
    "`a",
    "\\begin{cases}",
    "\\begin{cases}\n",
    "_a ",
    "$$ ",
    "* a\n",
    "\\(",
    "\\[\n",
    "#",
    "1. ",
    "| ",
    "|-",
    "|a|b|\n|-|-|\n",
    "[",
    "[a](",
    "![a](b",
    "<think>",
    "</think>",
    "<think>a</think>b",
    "```\n",
    "~~~\n```\n",
    "> ",
    "> > > > > > > > a\n",
    "- - - - - - a\n",
    "  - a\n",
    "- a\n  ",
    "\\boxed{",
    "{",
    "}",
    "\n",
    " \n",
    "a\n",
    "$5 and ",
    "\\$",
    "\\\\",
    "<br>",
    "<<8*2=16>>",
    "\u202e",
    "𝔸",
    "a b c d e f g\n",
  ];
  it.each(UNITS)("a megabyte of %j", { timeout: 20_000 }, (unit) => {
    const { html, ms } = cost(unit.repeat(Math.ceil(1_000_000 / unit.length)));
    expect(ms).toBeLessThan(3_000);
    expect(html.length).toBeLessThan(20_000_000);
    expect(html).toMatch(/more characters/);
  });

  it.each([
    ["a heading of signs that does not end as one", `# ${"#".repeat(150_000)}x`],
    ["a heading of spaces", `# a${" ".repeat(150_000)}b`],
    ["a row of dashes that is no table", `a|b\n|${"-".repeat(100_000)}x|`],
    ["dashes and colons", `a|b\n${":-: ".repeat(50_000)}|`],
    ["spaces before a line's end", `$$x$$${" ".repeat(150_000)}y\n${" ".repeat(40_000)}$$z$$`],
    ["lists in lists in lists", Array.from({ length: 500 }, (_, i) => `${" ".repeat(i * 2)}- a`).join("\n")],
    ["quotes in quotes in quotes", `${">".repeat(100_000)} a`],
    ["braces in braces", `$${"{".repeat(990)}x${"}".repeat(990)}$`],
    ["fractions in fractions", `$$${"\\frac{1}{".repeat(300)}x${"}".repeat(300)}$$`],
    ["links that never close", `${"[a](http://x".repeat(15_000)}`],
    ["emphasis in emphasis", `${"**a *b ".repeat(10_000)}${"* **".repeat(10_000)}`],
  ])("%s", { timeout: 20_000 }, (_, text) => {
    expect(cost(text).ms).toBeLessThan(3_000);
  });

  it("cuts a line of a megabyte and says so", () => {
    const { html } = cost("x".repeat(1_000_000));
    expect(html.length).toBeLessThan(100_000);
    expect(html).toMatch(/980,000 more characters|more characters/);
  });
});
