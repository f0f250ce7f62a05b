import { type AnswerBy, type LocatedFilter, type LocatorRun, locatedFilterOf } from "@/server/core/views/localisation";
import type { ConfusionCode } from "@/server/core/statistics/confusion";

/** What counts as the model's answer, as people choose it. */
export const ANSWER_BY_WORDS: Record<AnswerBy, string> = {
  majority: "most of its samples",
  first: "its first sample",
  chosen: "its chosen proposal",
};

/** How a run asked its model. */
export function howWords(run: Pick<LocatorRun, "template" | "file">): string {
  if (run.template !== "") return run.template;
  return run.file === "" ? "imported" : `imported from ${run.file}`;
}

/** A line or column of the confusion matrix. */
export function codeWords(code: ConfusionCode): string {
  if (code === "none") return "none";
  if (code === "unparsed") return "unread";
  if (code === "cannot_tell") return "can’t tell";
  return String(code).replace("+", "…");
}

/** A filter of the attempts table in words that go on from "Only attempts": "that people say go wrong at step 3 and …". */
export function locatedWords(text: string): string {
  const f = locatedFilterOf(text);
  if (f === null) return "";
  return `labelled by ${f.source}${labelWords(f.label)} ${saidWords(f.said)} (${ANSWER_BY_WORDS[f.by].replace("its", "the model’s")})`;
}

function labelWords(label: LocatedFilter["label"]): string {
  if (label === "any") return "";
  if (label === "error") return " as going wrong,";
  if (label === "none") return " as without an error,";
  return ` as going wrong at ${stepWords(label)},`;
}

function saidWords(said: LocatedFilter["said"]): string {
  switch (said) {
    case "any":
      return "that a model has verified";
    case "agrees":
      return "where the model says the same";
    case "near":
      return "where the model names a neighbouring step";
    case "within":
      return "where the model says the same or names a neighbouring step";
    case "differs":
      return "where the model says something else";
    case "unparsed":
      return "where the model says nothing that can be read";
    case "none":
      return "where the model finds no error";
    default:
      return `where the model names ${stepWords(said)}`;
  }
}

function stepWords(step: number | `${number}+`): string {
  return typeof step === "number" ? `step ${step}` : `step ${Number.parseInt(step, 10)} or later`;
}
