import { wholeText } from "../branch";
import { answerLeak } from "../leakage";
import { guidedAttempt, splitSteps } from "../steps";
import { type People, peopleSay, type Verdict } from "./people";
import { type ProblemText, userTurn } from "./prompt";
import type { Reason } from "./reasons";
import type { Built, RowMeta } from "./rows";
import type { DatasetSettings, LeakRule, SolveTemplate } from "./settings";

/** An intervention at an attempt, whoever wrote it. */
export interface Version {
  /** Null for a correction that has no row of its own (settled in words that no judge wrote). */
  id: string | null;
  content: string;
  /** 1-based step that it replaces. */
  location: number;
  author: "model" | "person";
  /** A person's: the decision or the settlement in which it was written. */
  decisionId: string | null;
  settlementId: string | null;
  chosen: boolean;
  /** At least one continuation succeeded; null before they are there. */
  kept: boolean | null;
  leakEquivalent: boolean;
  leakSubstring: boolean;
}

/** A right continuation of a version, and which sample it was. */
export interface Suffix {
  continuationId: string;
  sampleIndex: number;
  /** Only what was sampled, without the prefix. */
  text: string;
}

/** An attempt with everything that was said about it. */
export interface IntCandidate {
  problem: ProblemText;
  attempt: { id: string; sampleIndex: number; text: string; reward: number | null };
  /** Of the run that sampled it; null for imported ones. */
  template: SolveTemplate | null;
  /** Verification samples of it. */
  verifications: number;
  /** Newest first. */
  versions: readonly Version[];
  people: People;
  /** First right, ended continuation by sample index, by version id. Only looked up for {@link DatasetSettings.withSuffix}. */
  suffixes: ReadonlyMap<string, Suffix>;
}

/**
 * The InT row of a failed attempt: steps before the first error, exactly as a continuation of the arm "intervention" saw
 * them, and the intervention. Nothing comes after it and the turn does not end (method.md, "The pipeline", 7), but for the
 * ablation with a suffix, whose answer is whole.
 */
export function buildInt(c: IntCandidate, settings: DatasetSettings): Built {
  const { attempt, problem } = c;
  if (attempt.reward === null) return { dropped: "ungraded" };
  if (attempt.reward === 1) return { dropped: "right" };
  const verdict: Verdict = settings.decisions === "ignore" ? { kind: "undecided" } : peopleSay(c.people);
  const version = versionOf(c, verdict, settings);
  if (typeof version === "string") return { dropped: version };
  const steps = splitSteps(attempt.text);
  if (version.content.trim() === "" || version.location < 1 || version.location > steps.length + 1)
    return { dropped: "out_of_range" };
  if (leaks(version, settings.leak)) return { dropped: "leaks" };
  if (!settings.unfiltered && version.kept !== true) return { dropped: version.kept === null ? "not_sampled" : "no_success" };
  const suffix = settings.withSuffix && version.id !== null ? c.suffixes.get(version.id) : undefined;
  if (settings.withSuffix && !suffix) return { dropped: version.kept === null ? "not_sampled" : "no_suffix" };

  const alone = guidedAttempt([], version.content, 1);
  const guided = settings.withoutPrefix ? alone : guidedAttempt(steps, version.content, version.location);
  const template = c.template ?? settings.template;
  const decided =
    verdict.kind === "accepted" || verdict.kind === "edited" || verdict.kind === "located" ? verdict : null;
  const meta: RowMeta = {
    template: template.id,
    problem: problem.key,
    sample: attempt.sampleIndex,
    location: version.location,
    author: version.author,
    pieces: splitSteps(alone).length,
    ...(settings.withoutPrefix ? { alone: true as const } : {}),
    ...(decided ? { verdict: decided.kind } : {}),
    ...(decided?.settlementId ? { settlementId: decided.settlementId } : {}),
    ...(suffix ? { suffix: { continuationId: suffix.continuationId, sample: suffix.sampleIndex } } : {}),
  };
  return {
    row: {
      problemId: problem.id,
      attemptId: attempt.id,
      proposalId: version.id,
      decisionId: decided?.decisionId ?? null,
      reflectionId: null,
      prompt: userTurn(template, problem),
      completion: suffix ? wholeText(guided, suffix.text) : guided,
      ends: suffix !== undefined,
      meta,
    },
  };
}

/** The one version of the attempt that counts, people's before the model's; or why there is none. */
function versionOf(c: IntCandidate, verdict: Verdict, settings: DatasetSettings): Version | Reason {
  const models = c.versions.filter((v) => v.author === "model");
  const chosen = models.filter((v) => v.chosen);
  const best = (of: readonly Version[]) => of.find((v) => v.kept === true) ?? of[0];
  switch (verdict.kind) {
    case "differ":
      return "judges_differ";
    case "no_error":
      return "no_error";
    case "edited":
      return edited(c, verdict);
    case "located": {
      const there = chosen.filter((v) => v.location === verdict.firstError);
      return best(there) ?? (chosen.length > 0 ? "other_step" : missing(c, models));
    }
    case "accepted":
      return c.versions.find((v) => v.id === verdict.proposalId) ?? best(chosen) ?? missing(c, models);
    case "rejected": {
      // Another run's proposal at the same attempt has not been rejected with this one.
      const left = verdict.proposalId === null ? [] : chosen.filter((v) => v.id !== verdict.proposalId);
      const other = settings.decisions === "only" ? undefined : best(left);
      return other ?? "rejected";
    }
    case "undecided": {
      if (settings.decisions === "only") return "not_judged";
      return best(chosen) ?? missing(c, models);
    }
  }
}

/** A person's correction: its own row where there is one, which then has its continuations. */
function edited(c: IntCandidate, verdict: Extract<Verdict, { kind: "edited" }>): Version {
  const { content, location, decisionId, settlementId } = verdict;
  const own = c.versions.find(
    (v) =>
      v.author === "person" &&
      ((decisionId !== null && v.decisionId === decisionId) ||
        (settlementId !== null && v.settlementId === settlementId)) &&
      v.content === content &&
      v.location === location,
  );
  if (own) return own;
  const leak = answerLeak(content, c.problem.answer);
  return {
    id: null,
    content,
    location,
    author: "person",
    decisionId,
    settlementId,
    chosen: true,
    kept: null,
    leakEquivalent: leak.equivalent,
    leakSubstring: leak.substring,
  };
}

/** Why an attempt has no chosen proposal. */
function missing(c: IntCandidate, models: readonly Version[]): Reason {
  const written = models.filter((v) => v.content.trim() !== "");
  if (written.length > 0) return written.every((v) => v.leakEquivalent) ? "leaks" : "not_verified";
  return c.verifications > 0 ? "no_proposal" : "not_verified";
}

function leaks(version: Version, rule: LeakRule): boolean {
  switch (rule) {
    case "equivalence":
      return version.leakEquivalent;
    case "substring":
      return version.leakSubstring;
    case "none":
      return false;
  }
}
