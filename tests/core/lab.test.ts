import { describe, expect, it } from "vitest";
import {
  hintConversation,
  reflectConversation,
  solveConversation,
  verifyConversation,
} from "../../server/core/lab/conversations";
import { corruptedAttempt } from "../../server/core/lab/corrupt";
import { generateProblems, labProblemFromId } from "../../server/core/lab/generate";
import { labProblemFromText } from "../../server/core/lab/parse";
import { createRandom } from "../../server/core/lab/random";
import { solverSolution } from "../../server/core/lab/text";
import { firstWrongStep } from "../../server/core/lab/truth";
import { LAB_LEVELS } from "../../server/core/lab/world";
import { LAB_TEMPLATES, LAB_VERIFY } from "../../server/core/prompts/lab";
import { fillTemplate } from "../../server/core/prompts/template";
import { guidedAttempt, splitSteps } from "../../server/core/steps";
import tokenizer from "../../workers/lab/model/tokenizer.json";
import vectors from "../../workers/lab/model/vectors.json";

const levels = Object.keys(LAB_LEVELS);
const hard = generateProblems({ n: 200, seed: 5, level: "hard" });

describe("the generator", () => {
  it("is a function of level, seed and index", () => {
    for (const level of levels) {
      const a = generateProblems({ n: 20, seed: 3, level });
      expect(generateProblems({ n: 30, seed: 3, level }).slice(0, 20)).toEqual(a);
      expect(generateProblems({ n: 20, seed: 4, level })[0]).not.toEqual(a[0]);
      expect(new Set(a.map((p) => p.problem)).size).toBe(20);
    }
  });

  it("refuses unknown levels and seeds", () => {
    expect(() => generateProblems({ n: 1, seed: 1, level: "nonsense" })).toThrow(/unknown lab level/);
    expect(() => generateProblems({ n: 1, seed: -1, level: "hard" })).toThrow(/seed/);
  });

  it("keeps to its level and makes every value matter", () => {
    for (const p of hard) {
      const [low, high] = LAB_LEVELS.hard.steps;
      expect(p.steps.length).toBeGreaterThanOrEqual(low);
      expect(p.steps.length).toBeLessThanOrEqual(high);
      const used = new Set(p.steps.flatMap((s) => s.from));
      for (const s of p.steps.slice(0, -1)) expect(used).toContain(s.name);
      for (const s of p.steps) expect(s.value).toBeGreaterThan(0);
    }
  });

  it("is rebuilt from an id and from a text", () => {
    for (const p of hard) {
      expect(labProblemFromId(p.id)).toEqual(p);
      expect(labProblemFromText(p.problem, p.id, p.level)).toEqual(p);
    }
    expect(labProblemFromId("gsm8k-17")).toBeNull();
    expect(labProblemFromText("How many apples does Tom have?")).toBeNull();
  });

  it("gives references and solutions that end with the answer, one paragraph a step", () => {
    for (const p of hard) {
      expect(p.referenceSolution.endsWith(`\\boxed{${p.answer}}.`)).toBe(true);
      expect(solverSolution(p.steps).endsWith(`\\boxed{${p.answer}}$`)).toBe(true);
      expect(splitSteps(p.referenceSolution)).toHaveLength(p.steps.length);
    }
  });
});

describe("ground truth", () => {
  it("finds the step that was made wrong, however its value is carried on", () => {
    for (const p of hard) {
      expect(firstWrongStep(p, solverSolution(p.steps))).toBeNull();
      for (let at = 1; at <= p.steps.length; at++) {
        expect(firstWrongStep(p, corruptedAttempt(p, at, createRandom(`${p.id}/${at}`)))).toBe(at);
      }
    }
  });

  it("counts skipped people, unreadable steps, early answers and steps too many as wrong", () => {
    const p = hard[0]!;
    const right = splitSteps(solverSolution(p.steps));
    const join = (steps: string[]) => steps.join("\n\n");
    expect(firstWrongStep(p, join([right[0]!, ...right.slice(2)]))).toBe(2);
    expect(firstWrongStep(p, join([right[0]!, "Let me think."]))).toBe(2);
    expect(firstWrongStep(p, join([...right, right[0]!]))).toBe(right.length + 1);
    const value = p.steps[1]!.value;
    expect(firstWrongStep(p, join([right[0]!, right[1]!.replace(`=${value}$`, `=\\boxed{${value}}$`)]))).toBe(2);
    expect(firstWrongStep(p, join(right.slice(0, 3)))).toBeNull();
  });
});

describe("conversations", () => {
  it("fill every template", () => {
    const fields = {
      problem: "P",
      answer: "1",
      reference: "R",
      attempt: "A",
      numbered_reference: "1R",
      numbered_attempt: "1A",
      hint: "H",
    };
    for (const t of LAB_TEMPLATES)
      for (const turn of t.turns) expect(fillTemplate(turn.text, fields)).not.toContain("{{");
    const p = hard[0]!;
    expect(solveConversation(p).user).toBe(p.problem);
    expect(hintConversation(p, 2).user).toContain(splitSteps(p.referenceSolution)[1]);
    expect(reflectConversation(p, "wrong").user).toContain("wrong");
  });

  it("verify with a log up to the first error and an intervention that repairs it", () => {
    for (const p of hard.slice(0, 50)) {
      const attempt = corruptedAttempt(p, 3, createRandom(p.id));
      const c = verifyConversation(p, attempt)!;
      expect(c.user).toContain(LAB_VERIFY.stepLabel.replace("{n}", "3"));
      expect(c.assistant.match(/^Substep /gm)).toHaveLength(3);
      expect(c.assistant).toContain("First critical error: substep 3.");
      const tag = /<intervention>(.*)<\/intervention>$/.exec(c.assistant)![1]!;
      const { content, location } = JSON.parse(tag) as { content: string; location: number };
      const guided = guidedAttempt(splitSteps(attempt), content, location);
      expect(location).toBe(3);
      expect(firstWrongStep(p, guided)).toBeNull();
    }
  });

  it("verify a right attempt with location 0", () => {
    const p = hard[1]!;
    const c = verifyConversation(p, solverSolution(p.steps))!;
    expect(c.assistant).toContain("First critical error: none.");
    expect(c.assistant).toContain('{"content": "", "location": 0}');
  });
});

describe("the tokenizer", () => {
  it("has no token that holds a newline and anything else", () => {
    // Byte-level BPE writes a newline as "\u010a" and a carriage return as "\u010d".
    for (const token of Object.keys(tokenizer.model.vocab)) {
      if (/[\u010a\u010d]/.test(token)) expect(token).toMatch(/^[\u010a\u010d]+$/);
    }
  });

  it("gives a finished paragraph the same ids whether or not a blank line follows", () => {
    const by = new Map(vectors.texts.map((t) => [t.text, t.ids]));
    const closed = vectors.texts.filter((t) => by.has(`${t.text}\n\n`));
    expect(closed.length).toBeGreaterThan(0);
    for (const t of closed) expect(by.get(`${t.text}\n\n`)!.slice(0, t.ids.length)).toEqual(t.ids);
  });

  it("comes with log-probabilities, one per token after the first", () => {
    for (const s of vectors.sequences) {
      expect(s.logprobs).toHaveLength(s.ids.length - 1);
      for (const x of s.logprobs) expect(x).toBeLessThanOrEqual(0);
    }
  });
});
