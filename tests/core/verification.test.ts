import { describe, expect, test } from "vitest";
import { parseVerification } from "@/server/core/verification";
import { cpuMs } from "./cpu";

const T = String.raw;

/** Parse with seven steps and a normal end unless told. */
function parse(text: string, o: { steps?: number; finishReason?: string } = {}) {
  return parseVerification(text, { steps: o.steps ?? 7, finishReason: o.finishReason ?? "stop" });
}

const tag = (body: string) => `<intervention>${body}</intervention>`;

describe("proposals that must be read", () => {
  const cases: [name: string, text: string, content: string, location: number][] = [
    ["plain JSON", tag('{"content": "Let us add.", "location": 3}'), "Let us add.", 3],
    ["the lab model's own form", tag(T`{"content": "Cal: $3\\times22=66$", "location": 3}`), T`Cal: $3\times22=66$`, 3],
    ["location first", tag('{"location": 2, "content": "Let us add."}'), "Let us add.", 2],
    ["spaces inside the object, as in the paper", tag('{ "content": "Add." , "location": 3 }'), "Add.", 3],
    ["location as a string", tag('{"content": "Add.", "location": "4"}'), "Add.", 4],
    ["location with its word", tag('{"content": "Add.", "location": "Substep 4"}'), "Add.", 4],
    ["location with its word, without quotes", tag('{"content": "Add.", "location": Substep 4}'), "Add.", 4],
    ["location as step number sign", tag('{"content": "Add.", "location": "step #5"}'), "Add.", 5],
    ["location as a float", tag('{"content": "Add.", "location": 3.0}'), "Add.", 3],
    ["location as a range: its beginning", tag('{"content": "Add.", "location": "3-4"}'), "Add.", 3],
    ["location with words around it", tag('{"content": "Add.", "location": "before Substep 4 (the sum)"}'), "Add.", 4],
    ["location without quotes at the end of a line", tag('{content: Add,\nlocation: Substep 4\n}'), "Add", 4],
    ["location as a word", tag('{"content": "Add.", "location": "substep three"}'), "Add.", 3],
    ["single backslash \\frac, which JSON turns into a form feed", tag(T`{"content": "Use $\frac{1}{2}$.", "location": 3}`), T`Use $\frac{1}{2}$.`, 3],
    ["single backslash \\text, \\times and \\theta, which JSON turns into tabs", tag(T`{"content": "$2\times\theta\text{ cm}$", "location": 3}`), T`$2\times\theta\text{ cm}$`, 3],
    ["single backslash \\boxed, \\beta and \\binom, which JSON turns into backspaces", tag(T`{"content": "$\beta=\binom{4}{2}$ so $\boxed{\beta}$", "location": 3}`), T`$\beta=\binom{4}{2}$ so $\boxed{\beta}$`, 3],
    ["single backslash \\neq, \\nu, \\right and \\rho", tag(T`{"content": "$\left(\rho\right)\neq\nu$", "location": 3}`), T`$\left(\rho\right)\neq\nu$`, 3],
    ["single backslash \\sqrt, which JSON rejects", tag(T`{"content": "$\sqrt{2}$", "location": 3}`), T`$\sqrt{2}$`, 3],
    ["single backslash \\underline, which JSON rejects as \\u", tag(T`{"content": "$\underline{x}$", "location": 3}`), T`$\underline{x}$`, 3],
    ["parentheses \\( \\) with single backslashes", tag(T`{"content": "so \(x+1\) and \{1\}", "location": 3}`), T`so \(x+1\) and \{1\}`, 3],
    ["proper escapes and a real line break", tag(T`{"content": "First $\\frac{1}{2}$.\nThen $u$.", "location": 3}`), T`First $\frac{1}{2}$.` + "\nThen $u$.", 3],
    ["escaped line break before a word that begins like a command", tag(T`{"content": "So $\\alpha$.\nNow\nuse it", "location": 3}`), T`So $\alpha$.` + "\nNow\nuse it", 3],
    ["mixed: proper and single backslashes", tag(T`{"content": "$\\alpha + \frac{1}{2} \times 3$", "location": 3}`), T`$\alpha + \frac{1}{2} \times 3$`, 3],
    ["LaTeX line break in unescaped LaTeX", tag(T`{"content": "\begin{matrix} 1 \\ 2 \end{matrix}", "location": 3}`), T`\begin{matrix} 1 \\ 2 \end{matrix}`, 3],
    ["unicode escape", tag(T`{"content": "na\u00efve", "location": 3}`), "naïve", 3],
    ["raw line breaks inside the string", tag('{"content": "Line one.\n\nLine two.", "location": 3}'), "Line one.\n\nLine two.", 3],
    ["unescaped quotes inside the string", tag('{"content": "the "good" case, "bad" one", "location": 3}'), 'the "good" case, "bad" one', 3],
    ["escaped quotes inside the string", tag(T`{"content": "the \"good\" case", "location": 3}`), 'the "good" case', 3],
    ["a quoted letter before a LaTeX brace", tag(T`{"content": "we call it \text{"a"} here", "location": 3}`), T`we call it \text{"a"} here`, 3],
    ["code fence inside the tag", tag('\n```json\n{"content": "Add.", "location": 3}\n```\n'), "Add.", 3],
    ["code fence around the tag", '```xml\n<intervention>{"content": "Add.", "location": 3}</intervention>\n```', "Add.", 3],
    ["trailing comma", tag('{"content": "Add.", "location": 3,}'), "Add.", 3],
    ["missing comma at a line break", tag('{"content": "Add."\n"location": 3}'), "Add.", 3],
    ["single quotes with an apostrophe", tag("{'content': 'Let's add, it's fine', 'location': 3}"), "Let's add, it's fine", 3],
    ["smart quotes", tag("{“content”: “Add.”, “location”: 3}"), "Add.", 3],
    ["missing closing brace", tag('{"content": "Add.", "location": 3'), "Add.", 3],
    ["missing closing quote before the location", tag('{"content": "Use AM-GM, "location": 3}'), "Use AM-GM", 3],
    ["unclosed tag", 'Fine.\n<intervention>{"content": "Add.", "location": 3}', "Add.", 3],
    ["an opening tag used to close", '<intervention>{"content": "Add.", "location": 3}<intervention>', "Add.", 3],
    ["talk about the tag afterwards", `${tag('{"content": "Add.", "location": 3}')}\n\nThe <intervention> tag above has it all.`, "Add.", 3],
    ["several tags: the last counts", `${tag('{"content": "Draft.", "location": 5}')} revised: ${tag('{"content": "Final.", "location": 4}')}`, "Final.", 4],
    ["the instructions' own form quoted before", `${tag('{"content": "…", "location": N}')}\n${tag('{"content": "Add.", "location": 3}')}`, "Add.", 3],
    ["a draft in the thinking, the final after it", `<think>${tag('{"content": "No.", "location": 1}')}</think>${tag('{"content": "Yes.", "location": 2}')}`, "Yes.", 2],
    ["only a tag in the thinking", `<think>hm ${tag('{"content": "Add.", "location": 3}')}</think>Done.`, "Add.", 3],
    ["extra keys and nesting", tag('{"reason": "sign", "intervention": {"content": "Add.", "location": 3}, "confidence": 0.9}'), "Add.", 3],
    ["bare keys", tag('{content: "Add.", location: 3}'), "Add.", 3],
    ["no braces at all", tag("content: Add the two.\nlocation: 3"), "Add the two.", 3],
    ["elements instead of JSON", tag("<content>Add.</content><location>3</location>"), "Add.", 3],
    ["escaped twice", tag(T`{\"content\": \"Use $\\frac12$.\", \"location\": 3}`), T`Use $\frac12$.`, 3],
    ["escaped angle brackets", '&lt;intervention&gt;{"content": "Add.", "location": 3}&lt;/intervention&gt;', "Add.", 3],
    ["upper case and spaces in the tag", '< Intervention >{"Content": "Add.", "Location": 3}</ Intervention >', "Add.", 3],
    ["JSON without any tag", 'Final:\n```json\n{"content": "Add.", "location": 3}\n```', "Add.", 3],
    ["a list of lines", tag('{"content": ["One.", "Two."], "location": 3}'), "One.\nTwo.", 3],
    ["triple quotes", tag('{"content": """One.\nTwo "x".""", "location": 3}'), 'One.\nTwo "x".', 3],
    ["text around the object", tag('Here it is: {"content": "Add.", "location": 3} I hope it helps.'), "Add.", 3],
    ["closing brace of LaTeX at the end, string not closed", tag(T`{"location": 3, "content": "so $\frac{1}{2}`), T`so $\frac{1}{2}`, 3],
    ["location missing, named in the report", `First critical error: substep 5.\n${tag('{"content": "Add."}')}`, "Add.", 5],
  ];
  test.each(cases)("%s", (_, text, content, location) => {
    const parsed = parse(text);
    expect(parsed.outcome).toBe("proposed");
    expect(parsed.proposal).toEqual({ content, location });
  });

  test("clean JSON needs no note, a repaired one says what was done", () => {
    expect(parse(tag(T`{"content": "$3\\times 2$", "location": 3}`)).note).toBe("");
    expect(parse(tag(T`{"content": "$\frac12$", "location": 3`)).note).toMatch(/LaTeX backslashes.*closing brace/);
  });
});

describe("outputs without a proposal", () => {
  const cases: [name: string, text: string, outcome: string, finishReason?: string][] = [
    ["empty content", tag('{"content": "", "location": 3}'), "no_error"],
    ["empty content and no location", tag('{"content": ""}'), "no_error"],
    ["null content", tag('{"content": null, "location": null}'), "no_error"],
    ["an empty tag", tag(""), "no_error"],
    ["words for nothing", tag('{"content": "No critical error found.", "location": 0}'), "no_error"],
    ["no tag, and the report finds no error", "Substep 1: fine. Correct.\nFirst critical error: none.", "no_error"],
    ["no tag", "I could not decide.", "unparsed"],
    ["nothing at all", "", "unparsed"],
    ["content missing", tag('{"location": 3}'), "unparsed"],
    ["a placeholder", tag('{"content": "...", "location": 3}'), "unparsed"],
    ["location missing, and no report", tag('{"content": "Add."}'), "unparsed"],
    ["a fractional location", tag('{"content": "Add.", "location": 2.5}'), "unparsed"],
    ["a formula where the location should be", '<intervention>{"content": "Add.", "location": 1=2408$26,=2084$26', "unparsed"],
    ["prose in the tag", tag("I would replace the third line."), "unparsed"],
    ["location 0", tag('{"content": "Add.", "location": 0}'), "out_of_range"],
    ["a negative location", tag('{"content": "Add.", "location": -1}'), "out_of_range"],
    ["a location beyond the attempt", tag('{"content": "Add.", "location": 8}'), "out_of_range"],
    ["a huge location", tag('{"content": "Add.", "location": 99999999999999999999999}'), "out_of_range"],
    ["cut off in the log", "Substep 1: Correct.\nSubstep 2: the", "cut_off", "length"],
    ["cut off in the content", '<intervention>{"content": "Let us a', "cut_off", "length"],
    ["cut off in the content, location known", '<intervention>{"location": 3, "content": "Let us a', "cut_off", "length"],
    ["cut off after the content", '<intervention>{"content": "Let us add.", "loc', "cut_off", "length"],
    ["complete in spite of the limit", `${tag('{"content": "Add.", "location": 3}')} and so on and`, "proposed", "length"],
  ];
  test.each(cases)("%s", (_, text, outcome, finishReason = "stop") => {
    const parsed = parse(text, { finishReason });
    expect(parsed.outcome).toBe(outcome);
    expect(parsed.proposal === null).toBe(outcome !== "proposed");
  });
});

describe("the verification log", () => {
  const read = (text: string) => parse(text).verdicts.map((v) => `${v.step}${v.verdict === "correct" ? "+" : v.verdict === "incorrect" ? "-" : "?"}`).join(" ");
  const cases: [name: string, text: string, verdicts: string][] = [
    ["the lab's", "Substep 1: attempt 17, reference 17. Correct.\nSubstep 2: attempt 4, reference 5. Incorrect.", "1+ 2-"],
    ["bold", "**Substep 1:** \"so x = 2\" Correct.\n**Substep 2**: \"x = 3\" **Incorrect**", "1+ 2-"],
    ["headings, verdict on a later line", "### Substep 1\n> quote\n**Verdict:** Correct\n\n### Substep 2\nThe sum is off.\n- Verdict: Incorrect", "1+ 2-"],
    ["step with a dash", "Step 1 – right.\nStep 2 – wrong: 3+4 is 7", "1+ 2-"],
    ["signs", "Substep 1: 3+4=7 ✓\nSubstep 2: 3+4=8 ❌\nSubstep 3 ✅", "1+ 2- 3+"],
    ["sentences", "- Substep 1: This is correct.\n- Substep 2: The step is incorrect because 4 < 5.\n- Substep 3: This step is not valid.", "1+ 2- 3-"],
    ["negated errors", "Substep 1: No error.\nSubstep 2: there is no mistake in this computation\nSubstep 3: not wrong", "1+ 2+ 3+"],
    ["not correct", "Substep 1: this isn't right, as x could be 0\nSubstep 2: The claim is not correct", "1- 2-"],
    ["the right value after a wrong verdict", "Substep 1: Incorrect. The correct value is 44.\nSubstep 2: the correct answer would be 3, so this is wrong", "1- 2-"],
    ["right triangles do not judge", "Substep 1: it draws a right triangle\nSubstep 2: the right-hand side grows", "1? 2?"],
    ["words of the quote do not judge", 'Substep 1: "we made an error in the wrong place before, so subtract" – Correct.', "1+"],
    ["ranges", "Substeps 1-3: Correct.\nSubstep 4: Incorrect.", "1+ 2+ 3+ 4-"],
    ["a table", "| 1 | x = 2 | Correct |\n| 2 | x = 3 | Incorrect |", "1+ 2-"],
    ["a numbered list", "1. **Correct.** It adds.\n2. **Incorrect.** It should subtract.", "1+ 2-"],
    ["numbers before the word", "1. **Substep 1**: valid\n2. **Substep 2**: invalid", "1+ 2-"],
    ["steps beyond the attempt are left out", "Substep 7: Correct.\nSubstep 8: Incorrect.\nSubstep 9999: Correct.", "7+"],
    ["the report does not judge again", "Substep 1: Correct.\nSubstep 2: Incorrect.\n\n### Critical Error Report\nSubstep 1 is correct, but\nSubstep 2: correct would have been 4.", "1+ 2-"],
    ["nothing", "", ""],
  ];
  test.each(cases)("%s", (_, text, verdicts) => expect(read(text)).toBe(verdicts));

  test("notes keep what was said", () => {
    expect(parse("**Substep 2:** attempt 4, reference 5. Incorrect.").verdicts[0]?.note).toBe("attempt 4, reference 5. Incorrect.");
  });
});

describe("the first error", () => {
  const cases: [name: string, text: string, firstError: number | null][] = [
    ["the lab's", "Substep 1: Correct.\nSubstep 3: Incorrect.\nFirst critical error: substep 3.", 3],
    ["bold", "**First critical error:** **Substep 3** – the sign is lost.", 3],
    ["a sentence", "The first critical error occurs in Substep 4, where it divides by zero.", 4],
    ["turned round", "Thus Substep 4 contains the first critical error.", 4],
    ["a number alone", "First critical error: 4", 4],
    ["under a heading", "## Critical Error Report\n\n**Substep 5** divides by zero.", 5],
    ["a later correction counts", "First critical error: substep 4. Wait.\nFirst critical error: substep 2.", 2],
    ["the self-check's question does not", "First critical error: substep 4.\n(c) Is the location after the first critical error? Substep 5? No.", 4],
    ["none", "Substep 1: Correct.\nFirst critical error: none.", null],
    ["without a report, the first incorrect step", "Substep 1: Correct.\nSubstep 2: Incorrect.\nSubstep 3: Incorrect.", 2],
    ["without a log, the location", tag('{"content": "Add.", "location": 6}'), 6],
    ["the report over the location", `First critical error: substep 4.\n${tag('{"content": "Add.", "location": 3}')}`, 4],
    ["a step that is not there", "First critical error: substep 12.", null],
  ];
  test.each(cases)("%s", (_, text, firstError) => expect(parse(text).firstError).toBe(firstError));
});

describe("a megabyte of anything is read in well under a second", () => {
  const mega = (unit: string) => unit.repeat(Math.ceil(1_000_000 / unit.length));
  const nasty: [string, string][] = [
    ["tags", mega("<intervention>")],
    ["closed empty tags with braces", mega('<intervention>{"content":</intervention>')],
    ["quotes", `<intervention>{"content": "${mega('"')}`],
    ["quotes and commas", `<intervention>{"content": "${mega('", "')}`],
    ["keys", `<intervention>${mega('"content": "x ')}`],
    ["keys and locations", `<intervention>{${mega('"content": "x "location" : ')}`],
    ["backslashes", `<intervention>{"content": "${mega("\\")}`],
    ["commands", `<intervention>{"content": "${mega("\\n")}", "location": 3}`],
    ["spaces", `<intervention>{"content" ${mega(" ")}`],
    ["spaces after quotes", `<intervention>{"content": "${mega(`"${" ".repeat(50)}`)}`],
    ["braces", `<intervention>${mega("{")}`],
    ["a long line of steps", mega("Substep 1 is is first ")],
    ["many lines of steps", mega("Substep 1: first critical error\n")],
    ["a line without an end", mega("error ")],
    ["stars", mega("*")],
    ["thinking", mega("</think>")],
    ["dollars", `Substep 1: ${mega("$")}`],
    ["bare values", `<intervention>{content: ${mega("a, ")}`],
    ["lists", `<intervention>{"content": ${mega('["')}`],
    ["JSON without tags", mega('{"content": ')],
    ["fences", `<intervention>${mega("```")}`],
  ];
  test.each(nasty)("%s", (_, text) => {
    expect(cpuMs(() => parse(text))).toBeLessThan(1500);
  });
});
