import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { branchText } from "@/server/core/branch";
import { emptyFunnel, funnelSchema, losses, pour } from "@/server/core/datasets/funnel";
import { buildHint, hintOf, isHinted } from "@/server/core/datasets/hint";
import { buildInt, type IntCandidate, type Version } from "@/server/core/datasets/int";
import { type Label, NOBODY, peopleSay } from "@/server/core/datasets/people";
import { oneTurn } from "@/server/core/datasets/prompt";
import { buildR1Summary } from "@/server/core/datasets/r1-summary";
import { buildR1Think } from "@/server/core/datasets/r1-think";
import { buildReference } from "@/server/core/datasets/reference";
import { type Built, canonicalRow, type Row } from "@/server/core/datasets/rows";
import { buildSelfReflection } from "@/server/core/datasets/self-reflection";
import { type DatasetSettings, datasetSettingsSchema } from "@/server/core/datasets/settings";
import { LAB_SOLVE, LAB_SOLVE_WITH_HINT } from "@/server/core/prompts/lab";
import { joinSteps, splitSteps } from "@/server/core/steps";

const template = oneTurn(LAB_SOLVE) as { id: string; text: string };
const hintTemplate = oneTurn(LAB_SOLVE_WITH_HINT) as { id: string; text: string };
const settings = (o: Partial<DatasetSettings> = {}): DatasetSettings =>
  datasetSettingsSchema.parse({ source: "int", template, hintTemplate, ...o });

const problem = {
  id: "p1",
  key: "lab-1",
  statement: "Ann has 3 boxes of 4 coins. {{answer}} How many?",
  answer: "12",
  reference: "There are 3 boxes.\n\nEach holds 4.\n\n3 * 4 = 12.\n\n\\boxed{12}",
};
const STEPS = ["There are 3 boxes.", "Each box holds 5.", "3 * 5 = 15.", "\\boxed{15}"];
const version = (o: Partial<Version> = {}): Version => ({
  id: "v1",
  content: "Each box holds 4.\nI multiply.",
  location: 2,
  author: "model",
  decisionId: null,
  settlementId: null,
  chosen: true,
  kept: true,
  leakEquivalent: false,
  leakSubstring: false,
  ...o,
});
const candidate = (o: Partial<IntCandidate> = {}): IntCandidate => ({
  problem,
  attempt: { id: "a1", sampleIndex: 3, text: joinSteps(STEPS), reward: 0 },
  template,
  verifications: 4,
  versions: [version()],
  people: NOBODY,
  suffixes: new Map(),
  ...o,
});
const label = (o: Partial<Label> = {}): Label => ({
  action: "accept",
  proposalId: "v1",
  decisionId: "d1",
  settlementId: null,
  firstError: null,
  content: null,
  location: null,
  at: 1,
  ...o,
});
const rowOf = (built: Built): Row => {
  if ("row" in built) return built.row;
  throw new Error(`dropped: ${built.dropped}`);
};
const why = (built: Built) => ("dropped" in built ? built.dropped : "row");

describe("InT rows", () => {
  it("are the very text that continuations of the intervention went on from, with nothing after it and no end of turn", () => {
    const row = rowOf(buildInt(candidate(), settings()));
    expect(row.completion).toBe("There are 3 boxes.\n\nEach box holds 4.\n\nI multiply.");
    expect(row.completion).toBe(
      branchText("intervention", { steps: STEPS, content: version().content, location: 2 }),
    );
    expect(row.ends).toBe(false);
    expect(row).toMatchObject({ problemId: "p1", attemptId: "a1", proposalId: "v1", decisionId: null });
    expect(row.meta).toMatchObject({ location: 2, author: "model", sample: 3 });
  });

  it("have exactly the user turn of the run's template; braces in a problem are the problem's own", () => {
    const row = rowOf(buildInt(candidate({ template: { id: "own@2", text: "Q: {{problem}}!" } }), settings()));
    expect(row.prompt).toBe(`Q: ${problem.statement}!`);
    expect(row.meta.template).toBe("own@2");
    expect(rowOf(buildInt(candidate({ template: null }), settings())).prompt).toBe(problem.statement);
    expect(row.completion).not.toContain(problem.statement);
  });

  it("without the prefix are the intervention alone, with the suffix a whole answer that ends", () => {
    expect(rowOf(buildInt(candidate(), settings({ withoutPrefix: true })))).toMatchObject({
      completion: "Each box holds 4.\n\nI multiply.",
      ends: false,
    });
    const suffixes = new Map([["v1", { continuationId: "c9", sampleIndex: 5, text: "\n\n3 * 4 = 12.\n\n\\boxed{12}" }]]);
    const whole = rowOf(buildInt(candidate({ suffixes }), settings({ withSuffix: true })));
    expect(whole.completion).toBe(
      "There are 3 boxes.\n\nEach box holds 4.\n\nI multiply.\n\n3 * 4 = 12.\n\n\\boxed{12}",
    );
    expect(whole.ends).toBe(true);
    expect(whole.meta.suffix).toEqual({ continuationId: "c9", sample: 5 });
    expect(why(buildInt(candidate(), settings({ withSuffix: true })))).toBe("no_suffix");
    // What was not asked for is not used.
    expect(rowOf(buildInt(candidate({ suffixes }), settings())).ends).toBe(false);
  });

  it("at location 1 are the content alone, and after the last step are allowed", () => {
    expect(rowOf(buildInt(candidate({ versions: [version({ location: 1 })] }), settings())).completion).toBe(
      "Each box holds 4.\n\nI multiply.",
    );
    const after = rowOf(buildInt(candidate({ versions: [version({ location: 5 })] }), settings()));
    expect(splitSteps(after.completion).slice(0, 4)).toEqual(STEPS);
    expect(why(buildInt(candidate({ versions: [version({ location: 6 })] }), settings()))).toBe("out_of_range");
    expect(why(buildInt(candidate({ versions: [version({ content: " \n" })] }), settings()))).toBe("out_of_range");
  });

  it("name the reason of every loss", () => {
    const attempt = candidate().attempt;
    const of = (o: Partial<IntCandidate>, s: Partial<DatasetSettings> = {}) => why(buildInt(candidate(o), settings(s)));
    expect(of({ attempt: { ...attempt, reward: null } })).toBe("ungraded");
    expect(of({ attempt: { ...attempt, reward: 1 } })).toBe("right");
    expect(of({ versions: [], verifications: 0 })).toBe("not_verified");
    expect(of({ versions: [], verifications: 4 })).toBe("no_proposal");
    expect(of({ versions: [version({ chosen: false, leakEquivalent: true })] })).toBe("leaks");
    expect(of({ versions: [version({ chosen: false })] })).toBe("not_verified");
    expect(of({ versions: [version({ leakSubstring: true })] })).toBe("row");
    expect(of({ versions: [version({ leakSubstring: true })] }, { leak: "substring" })).toBe("leaks");
    expect(of({ versions: [version({ leakEquivalent: true })] })).toBe("leaks");
    expect(of({ versions: [version({ leakEquivalent: true })] }, { leak: "none" })).toBe("row");
    expect(of({ versions: [version({ kept: null })] })).toBe("not_sampled");
    expect(of({ versions: [version({ kept: false })] })).toBe("no_success");
    expect(of({ versions: [version({ kept: false })] }, { unfiltered: true })).toBe("row");
    expect(of({}, { decisions: "only" })).toBe("not_judged");
  });

  it("take one version of an attempt: a kept one first, else the newest run's", () => {
    const versions = [version({ id: "new", kept: false }), version({ id: "old", kept: true })];
    expect(rowOf(buildInt(candidate({ versions }), settings())).proposalId).toBe("old");
    const none = versions.map((v) => ({ ...v, kept: false }));
    expect(rowOf(buildInt(candidate({ versions: none }), settings({ unfiltered: true }))).proposalId).toBe("new");
  });
});

describe("people win over the model", () => {
  const person = version({
    id: "h1",
    author: "person",
    decisionId: "d1",
    content: "Each box holds 4, not 5.",
    chosen: false,
    kept: true,
  });
  const of = (labels: Label[], o: Partial<IntCandidate> = {}, s: Partial<DatasetSettings> = {}, differ = false) =>
    buildInt(candidate({ people: { labels, differ }, versions: [version(), person], ...o }), settings(s));

  it("an accepted proposal stays and knows its decision, a rejected one goes", () => {
    expect(rowOf(of([label()]))).toMatchObject({ proposalId: "v1", decisionId: "d1", meta: { verdict: "accepted" } });
    expect(why(of([label({ action: "reject" })]))).toBe("rejected");
    expect(why(of([label({ action: "no_error" })]))).toBe("no_error");
    // The rejected one was another run's.
    expect(rowOf(of([label({ action: "reject", proposalId: "other" })])).proposalId).toBe("v1");
    // Accepted although another run's proposal succeeded and this one did not: it is dropped for that, not exchanged.
    const versions = [version({ kept: false }), version({ id: "v2" })];
    expect(why(of([label()], { versions }))).toBe("no_success");
  });

  it("an edit's own proposal row replaces the model's", () => {
    const row = rowOf(of([label({ action: "edit", content: person.content, location: 2 })]));
    expect(row).toMatchObject({ proposalId: "h1", decisionId: "d1", meta: { author: "person", verdict: "edited" } });
    expect(row.completion).toBe("There are 3 boxes.\n\nEach box holds 4, not 5.");
  });

  it("an edit without continuations waits for them, unless everything is taken; the leak rule is for people, too", () => {
    const labels = [label({ action: "edit", decisionId: "d7", content: "I look again.", location: 3 })];
    expect(why(of(labels))).toBe("not_sampled");
    expect(rowOf(of(labels, {}, { unfiltered: true }))).toMatchObject({
      proposalId: null,
      decisionId: "d7",
      completion: "There are 3 boxes.\n\nEach box holds 5.\n\nI look again.",
    });
    const leak = [label({ action: "edit", decisionId: "d7", content: "So the answer is 12.", location: 3 })];
    expect(why(of(leak, {}, { unfiltered: true }))).toBe("leaks");
  });

  it("the first error located: at the proposal's step it stays, at another one there is nothing to train", () => {
    expect(rowOf(of([label({ action: "locate", firstError: 2 })]))).toMatchObject({
      proposalId: "v1",
      decisionId: "d1",
      meta: { verdict: "located" },
    });
    expect(why(of([label({ action: "locate", firstError: 3 })]))).toBe("other_step");
  });

  it("a difference drops the row until it is settled; then the settlement counts", () => {
    expect(why(of([], {}, {}, true))).toBe("judges_differ");
    const settled = label({ settlementId: "s1", at: 9 });
    expect(rowOf(of([settled], {}, {}, true))).toMatchObject({
      decisionId: "d1",
      meta: { verdict: "accepted", settlementId: "s1" },
    });
    const own = { ...person, decisionId: null, settlementId: "s2", id: "h2" };
    const words = label({ action: "edit", decisionId: null, settlementId: "s2", content: own.content, location: 2 });
    expect(rowOf(of([words], { versions: [version(), own] })).proposalId).toBe("h2");
  });

  it("can be ignored, or asked for", () => {
    const labels = [label({ action: "reject" })];
    expect(rowOf(of(labels, {}, { decisions: "ignore" }))).toMatchObject({ proposalId: "v1", decisionId: null });
    expect(why(of(labels, {}, { decisions: "only" }))).toBe("rejected");
    expect(why(of([], {}, { decisions: "only" }))).toBe("not_judged");
    // A person's version is not the model's.
    expect(why(of([], { versions: [person] }, { decisions: "ignore" }))).toBe("no_proposal");
  });

  it("the newest label of an attempt counts; “cannot tell” says nothing", () => {
    const old = label({ action: "reject", at: 1 });
    const young = label({ at: 2 });
    expect(peopleSay({ labels: [old, young], differ: false }).kind).toBe("accepted");
    expect(peopleSay({ labels: [label({ action: "cannot_tell" })], differ: false })).toEqual({ kind: "undecided" });
  });
});

describe("the other sources", () => {
  const trace = (text: string, o: Partial<{ reward: number | null; finishReason: string }> = {}) => ({
    problem,
    attempt: { id: "a1", sampleIndex: 0, text, reward: 1, finishReason: "stop", ...o },
  });
  const r1 = "<think>\nLet me see.\n\n3 * 4</think>\n\nIt is \\boxed{12}.";

  it("reference: the solution as a whole answer", () => {
    const row = rowOf(buildReference({ ...problem, reference: `\n${problem.reference}\n\n` }, settings()));
    expect(row).toMatchObject({ completion: problem.reference, ends: true, prompt: problem.statement, attemptId: null });
    expect(why(buildReference({ ...problem, reference: " \n" }, settings()))).toBe("no_reference");
  });

  it("R1: thinking through the first </think> as written, and the summary after it", () => {
    expect(rowOf(buildR1Think(trace(r1), settings()))).toMatchObject({
      completion: "<think>\nLet me see.\n\n3 * 4</think>",
      ends: false,
    });
    expect(rowOf(buildR1Summary(trace(r1), settings()))).toMatchObject({ completion: "It is \\boxed{12}.", ends: true });
    const twice = rowOf(buildR1Summary(trace("a</think> b </think> c"), settings()));
    expect(twice.completion).toBe("b </think> c");
  });

  it("R1: only right ones by default, and every loss has its reason", () => {
    expect(why(buildR1Think(trace(r1, { reward: 0 }), settings()))).toBe("wrong");
    expect(why(buildR1Think(trace(r1, { reward: null }), settings()))).toBe("ungraded");
    expect(why(buildR1Think(trace(r1, { reward: 0 }), settings({ onlyRight: false })))).toBe("row");
    expect(why(buildR1Think(trace("no thinking"), settings()))).toBe("no_think");
    expect(why(buildR1Think(trace("<think>\n\n</think>\n\nx"), settings()))).toBe("empty");
    expect(why(buildR1Summary(trace("think</think> \n"), settings()))).toBe("empty");
    expect(why(buildR1Summary(trace(r1, { finishReason: "length" }), settings()))).toBe("cut_off");
    expect(why(buildR1Think(trace(r1, { finishReason: "length" }), settings()))).toBe("row");
  });

  it("self-reflection: the rewriting as it was written", () => {
    const of = (o: Partial<{ text: string; reward: number; finishReason: string }>, s: Partial<DatasetSettings> = {}) =>
      buildSelfReflection(
        {
          problem,
          attempt: { id: "a1", sampleIndex: 0 },
          reflection: { id: "r1", text: "All of it.\n", reward: 1, finishReason: "stop", ...o },
          template,
        },
        settings(s),
      );
    expect(rowOf(of({}))).toMatchObject({ completion: "All of it.\n", ends: true, reflectionId: "r1", attemptId: "a1" });
    expect(why(of({ reward: 0 }))).toBe("wrong");
    expect(why(of({ reward: 0 }, { onlyRight: false }))).toBe("row");
    expect(why(of({ finishReason: "length" }))).toBe("cut_off");
  });

  it("hints: whole leading steps, never the last one unless all is asked for", () => {
    expect(hintOf(problem.reference, 0.5)).toEqual({ text: "There are 3 boxes.\n\nEach holds 4.", steps: 2, of: 4 });
    expect([0, 0.01, 0.3, 0.9, 0.99, 1].map((s) => hintOf(problem.reference, s).steps)).toEqual([0, 1, 1, 3, 3, 4]);
    expect(hintOf("only one", 0.5).steps).toBe(0);
    expect(() => hintOf("x", 1.5)).toThrow(RangeError);
  });

  it("hinted prompts: a mix that depends on seed and problem alone, with the answer to grade by and no completion", () => {
    const s = settings({ source: "hint", hintMix: 0.5, hintShare: 0.5 });
    const keys = Array.from({ length: 1000 }, (_, i) => `lab-${i}`);
    const hinted = keys.filter((key) => isHinted(key, s)).length;
    expect(hinted).toBeGreaterThan(440);
    expect(hinted).toBeLessThan(560);
    expect(keys.every((key) => isHinted(key, { ...s, hintMix: 1 }))).toBe(true);
    expect(keys.some((key) => isHinted(key, { ...s, hintMix: 0 }))).toBe(false);
    const row = rowOf(buildHint(problem, { ...s, hintMix: 1 }));
    expect(row.prompt).toBe(`${problem.statement}\n\nHint:\n\nThere are 3 boxes.\n\nEach holds 4.`);
    expect(row).toMatchObject({ completion: "", ends: false, meta: { hint: { steps: 2, of: 4 }, answer: "12" } });
    const bare = rowOf(buildHint(problem, { ...s, hintMix: 0 }));
    expect([bare.prompt, bare.meta.hint]).toEqual([problem.statement, null]);
    expect(why(buildHint({ ...problem, answer: "" }, s))).toBe("no_answer");
    expect(why(buildHint({ ...problem, reference: "" }, { ...s, hintMix: 1 }))).toBe("no_reference");
  });
});

describe("the funnel", () => {
  const row = (problemId: string, attemptId: string | null = null): Built => ({
    row: { ...rowOf(buildReference(problem, settings())), problemId, attemptId },
  });

  it("adds up, whatever comes, and is JSON at every moment", () => {
    let funnel = emptyFunnel();
    const s = { source: "self_reflection", perProblem: 2, perAttempt: 1 } as const;
    const made: boolean[] = [];
    for (const built of [
      row("p", "a"),
      row("p", "a"),
      { dropped: "wrong" } as Built,
      row("p", "b"),
      row("p", "c"),
      row("q", "d"),
    ]) {
      made.push(pour(funnel, built, s) !== null);
      funnel = funnelSchema.parse(JSON.parse(JSON.stringify(funnel)));
    }
    expect(made).toEqual([true, false, false, true, false, true]);
    expect(losses(funnel).map((l) => [l.reason, l.count])).toEqual([
      ["wrong", 1],
      ["same_attempt", 1],
      ["same_problem", 1],
    ]);
    expect(funnel.candidates).toBe(funnel.rows + losses(funnel).reduce((sum, l) => sum + l.count, 0));
  });
});

describe("the digest", () => {
  const digest = (rows: Parameters<typeof canonicalRow>[0][]) =>
    createHash("sha256")
      .update(rows.map((r) => canonicalRow(r)).join(""))
      .digest("hex");
  const a = { prompt: "x\n", completion: 'é "q"', ends: false };
  it("is over what is trained, in order, and a reader can make it from the lines alone", () => {
    expect(canonicalRow(a)).toBe('{"prompt":"x\\n","completion":"é \\"q\\"","ends":false}\n');
    const b = { ...a, ends: true };
    expect(digest([a, b])).not.toBe(digest([b, a]));
    expect(digest([a])).toBe(digest([{ ends: false, completion: a.completion, prompt: a.prompt }]));
  });
});
