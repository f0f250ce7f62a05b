import { buildHint } from "../../core/datasets/hint";
import { buildInt } from "../../core/datasets/int";
import { NOBODY } from "../../core/datasets/people";
import { oneTurn } from "../../core/datasets/prompt";
import { buildR1Summary } from "../../core/datasets/r1-summary";
import { buildR1Think } from "../../core/datasets/r1-think";
import { buildReference } from "../../core/datasets/reference";
import type { Built } from "../../core/datasets/rows";
import { buildSelfReflection } from "../../core/datasets/self-reflection";
import type { DatasetSettings, SolveTemplate } from "../../core/datasets/settings";
import type { Source } from "../../core/datasets/sources";
import { InterveneError } from "../../errors";
import {
  type CandidateKey,
  type CandidateKind,
  type CandidateScope,
  listCandidateKeys,
  type Place,
} from "../../store/read/dataset-candidates";
import {
  type FrozenTemplate,
  readAttemptTexts,
  readInterventions,
  readProblemTexts,
  readReflectionTexts,
} from "../../store/read/dataset-texts";
import type { Sql } from "../../store/views/sql";

/** What each source's candidates hang on. */
export const CANDIDATE_KIND: Record<Source, CandidateKind> = {
  int: "attempt",
  reference: "problem",
  r1_think: "attempt",
  r1_summary: "attempt",
  self_reflection: "reflection",
  hint: "problem",
};

/** Candidates whose texts are in memory at a time: 64 attempts of 16,384 tokens are about 5 MB. */
const CHUNK = 64;

/** Some candidates with what their builder made of them, and the place up to which they go. */
export interface Chunk {
  built: Built[];
  place: Place;
}

/**
 * Every candidate of a data set after a place, through its source's builder, in order and in constant memory. The data set
 * and the preview of its counts read by this very function.
 */
export async function* buildRows(
  sql: Sql,
  scope: CandidateScope,
  settings: DatasetSettings,
  from: Place | null,
): AsyncGenerator<Chunk> {
  for (let place = from; ; ) {
    const page = await listCandidateKeys(sql, CANDIDATE_KIND[settings.source], scope, place);
    if (page === null) return;
    for (let at = 0; at < page.keys.length; at += CHUNK) {
      const keys = page.keys.slice(at, at + CHUNK);
      const last = keys.at(-1);
      if (last && at + CHUNK < page.keys.length)
        yield { built: await build(sql, keys, settings), place: { problemId: last.problemId, within: last.attemptId === "" ? null : last } };
      else if (last) yield { built: await build(sql, keys, settings), place: { problemId: page.lastProblem, within: null } };
    }
    place = { problemId: page.lastProblem, within: null };
  }
}

async function build(sql: Sql, keys: readonly CandidateKey[], settings: DatasetSettings): Promise<Built[]> {
  const asked = keys.filter((k) => k.matches);
  const made = await BUILD[settings.source](sql, asked, settings);
  return keys.map((k) => (k.matches ? (made.get(k) ?? { dropped: "gone" }) : { dropped: "elsewhere" }));
}

type BuildChunk = (
  sql: Sql,
  keys: readonly CandidateKey[],
  settings: DatasetSettings,
) => Promise<Map<CandidateKey, Built>>;

const ofProblems =
  (builder: typeof buildReference): BuildChunk =>
  async (sql, keys, settings) => {
    const problems = await readProblemTexts(
      sql,
      keys.map((k) => k.problemId),
    );
    return entries(keys, (k) => {
      const problem = problems.get(k.problemId);
      return problem && builder(problem, settings);
    });
  };

const ofTraces =
  (builder: typeof buildR1Think): BuildChunk =>
  async (sql, keys, settings) => {
    const [problems, attempts] = await texts(sql, keys);
    return entries(keys, (k) => {
      const problem = problems.get(k.problemId);
      const attempt = attempts.get(k.attemptId);
      return problem && attempt && builder({ problem, attempt }, settings);
    });
  };

const ofInterventions: BuildChunk = async (sql, keys, settings) => {
  const [problems, attempts] = await texts(sql, keys, true);
  const failed = [...attempts.values()].filter((a) => a.reward === 0).map((a) => a.id);
  const said = await readInterventions(sql, failed, settings.withSuffix);
  const nothing = { verifications: 0, versions: [], people: NOBODY, suffixes: new Map() };
  return entries(keys, (k) => {
    const problem = problems.get(k.problemId);
    const attempt = attempts.get(k.attemptId);
    if (!problem || !attempt) return undefined;
    return buildInt(
      { problem, attempt, template: templateOf(attempt.template), ...(said.get(attempt.id) ?? nothing) },
      settings,
    );
  });
};

const ofReflections: BuildChunk = async (sql, keys, settings) => {
  const [problems, attempts] = await texts(sql, keys, true);
  const reflections = await readReflectionTexts(
    sql,
    keys.map((k) => k.reflectionId),
  );
  return entries(keys, (k) => {
    const problem = problems.get(k.problemId);
    const attempt = attempts.get(k.attemptId);
    const reflection = reflections.get(k.reflectionId);
    if (!problem || !attempt || !reflection) return undefined;
    return buildSelfReflection({ problem, attempt, reflection, template: templateOf(attempt.template) }, settings);
  });
};

const BUILD: Record<Source, BuildChunk> = {
  int: ofInterventions,
  reference: ofProblems(buildReference),
  r1_think: ofTraces(buildR1Think),
  r1_summary: ofTraces(buildR1Summary),
  self_reflection: ofReflections,
  hint: ofProblems(buildHint),
};

function texts(sql: Sql, keys: readonly CandidateKey[], failedText = false) {
  return Promise.all([
    readProblemTexts(
      sql,
      keys.map((k) => k.problemId),
    ),
    readAttemptTexts(
      sql,
      keys.map((k) => k.attemptId),
      failedText,
    ),
  ]);
}

function entries(keys: readonly CandidateKey[], make: (key: CandidateKey) => Built | undefined): Map<CandidateKey, Built> {
  const made = new Map<CandidateKey, Built>();
  for (const key of keys) {
    const built = make(key);
    if (built) made.set(key, built);
  }
  return made;
}

/** @throws InterveneError("bad_input") for a conversation of several turns, which no training row holds. */
function templateOf(template: FrozenTemplate | null): SolveTemplate | null {
  if (template === null) return null;
  const one = oneTurn({ id: template.id, turns: template.turns });
  if (one) return one;
  throw new InterveneError(
    "bad_input",
    `The attempts were sampled with the template ${template.id}, which has ${template.turns.length} user turns: only attempts at a single turn make training rows.`,
  );
}
