/** Which rows of the lists a figure of the interventions page is made of, as one word of an address. */
import { z } from "zod";
import { ARMS, type Arm } from "../arms";
import { FATES, type Fate, PROBLEM_FATES, type ProblemFate, ROW_ORIGINS, type RowOrigin, UNUSED, type Unused } from "./fates";

/** Which attempts: by their fate in a run, by where a known first error lies, by what a data set made of them. */
export type AmongAttempts =
  | { kind: "became"; pipeline: string; fate: Fate }
  | { kind: "came"; pipeline: string; fates: readonly Fate[] }
  | { kind: "unused"; pipeline: string; why: Unused; dataset: string }
  | { kind: "rows"; pipeline: string; origin: RowOrigin; dataset: string }
  | { kind: "type"; pipeline: string; type: string }
  | { kind: "label"; pipeline: string; by: "step" | "share"; from: number; below: number; source: string };

/** How one problem's rate under an arm stands to that under another. */
export const RELATIONS = ["any", "more", "less", "same"] as const;
export type Relation = (typeof RELATIONS)[number];
const COVERED = ["any", "covered", "uncovered"] as const;
export type Covered = (typeof COVERED)[number];

/** Which problems: by their samples under an arm, under two, or by the rate of the bare problem; by their fate in a run. */
export type AmongProblems =
  | { kind: "arm"; pipeline: string; arm: Arm; covered: Covered }
  | { kind: "three"; pipeline: string; arm: Arm; covered: Covered }
  | { kind: "pair"; pipeline: string; a: Arm; b: Arm; relation: Relation }
  | { kind: "rate"; pipeline: string; from: number; below: number; covered: Covered }
  | { kind: "fate"; pipeline: string; fate: ProblemFate }
  | { kind: "came"; pipeline: string; fates: readonly Fate[] };

/** The filter as one word of an address. */
export function amongText(f: AmongAttempts | AmongProblems): string {
  switch (f.kind) {
    case "became":
      return [f.kind, f.pipeline, f.fate].join("*");
    case "unused":
      return [f.kind, f.pipeline, f.why, f.dataset].join("*");
    case "rows":
      return [f.kind, f.pipeline, f.origin, f.dataset].join("*");
    case "type":
      return [f.kind, f.pipeline, f.type].join("*");
    case "label":
      return [f.kind, f.pipeline, f.by, f.from, f.below, f.source].join("*");
    case "arm":
    case "three":
      return [f.kind, f.pipeline, f.arm, f.covered].join("*");
    case "pair":
      return [f.kind, f.pipeline, f.a, f.b, f.relation].join("*");
    case "rate":
      return [f.kind, f.pipeline, f.from, f.below, f.covered].join("*");
    case "fate":
      return [f.kind, f.pipeline, f.fate].join("*");
    case "came":
      return [f.kind, f.pipeline, ...f.fates].join("*");
  }
}

const isId = (text: string | undefined): text is string => z.uuid().safeParse(text).success;
const oneOf = <T extends string>(all: readonly T[], text: string | undefined): T | null => all.find((x) => x === text) ?? null;
const number = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,7}(\.\d{1,6})?$/.test(text) ? Number(text) : null;

/** A filter of attempts from an address; null when it is none. */
export function amongAttemptsOf(text: string): AmongAttempts | null {
  const [kind, pipeline, ...rest] = text.split("*");
  if (!isId(pipeline)) return null;
  const [a, b, c] = rest;
  if (kind === "became") {
    const fate = oneOf(FATES, a);
    return fate && { kind, pipeline, fate };
  }
  if (kind === "came") return cameOf(pipeline, rest);
  if (kind === "unused") {
    const why = oneOf(UNUSED, a);
    return why && isId(b) ? { kind, pipeline, why, dataset: b } : null;
  }
  if (kind === "rows") {
    const origin = oneOf(ROW_ORIGINS, a);
    return origin && isId(b) ? { kind, pipeline, origin, dataset: b } : null;
  }
  if (kind === "type") return rest.length === 1 && a !== undefined && a !== "" ? { kind, pipeline, type: a } : null;
  if (kind === "label") {
    const by = oneOf(["step", "share"] as const, a);
    const [from, below] = [number(b), number(c)];
    const source = rest.slice(3).join("*");
    return by && from !== null && below !== null && source !== "" ? { kind, pipeline, by, from, below, source } : null;
  }
  return null;
}

/** A filter of problems from an address; null when it is none. */
export function amongProblemsOf(text: string): AmongProblems | null {
  const [kind, pipeline, ...rest] = text.split("*");
  if (!isId(pipeline)) return null;
  const [a, b, c] = rest;
  if (kind === "arm" || kind === "three") {
    const [arm, covered] = [oneOf(ARMS, a), oneOf(COVERED, b)];
    return arm && covered && { kind, pipeline, arm, covered };
  }
  if (kind === "pair") {
    const [one, other, relation] = [oneOf(ARMS, a), oneOf(ARMS, b), oneOf(RELATIONS, c)];
    return one && other && relation && { kind, pipeline, a: one, b: other, relation };
  }
  if (kind === "rate") {
    const [from, below, covered] = [number(a), number(b), oneOf(COVERED, c)];
    return from !== null && below !== null && covered ? { kind, pipeline, from, below, covered } : null;
  }
  if (kind === "fate") {
    const fate = oneOf(PROBLEM_FATES, a);
    return fate && { kind, pipeline, fate };
  }
  if (kind === "came") return cameOf(pipeline, rest);
  return null;
}

function cameOf(pipeline: string, words: readonly string[]): { kind: "came"; pipeline: string; fates: Fate[] } | null {
  const fates = words.flatMap((text) => oneOf(FATES, text) ?? []);
  return fates.length > 0 && fates.length === words.length ? { kind: "came", pipeline, fates } : null;
}
