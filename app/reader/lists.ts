/** The index of attempts on the client: what can be asked of it. Pure. */
import { plainStart } from "@/components/text/plain";
import type { PublishedAttemptRow, PublishedProblemRow } from "@/server/core/views/publication";

/** An attempt with its problem. */
export interface Listed {
  id: string;
  problem: PublishedProblemRow | null;
  sample: number;
  model: string | null;
  reward: number | null;
  steps: number;
  tokens: number;
  finishReason: string;
  firstError: number | null;
  agreeing: number;
  verifications: number;
  label: number | "none" | null;
  location: number | null;
  kept: boolean | null;
  leaked: boolean;
  rates: Record<"prefix" | "original" | "intervention", readonly [number, number] | null>;
  /** What the search looks through, in lower case. */
  words: string;
}

export const SORTS = ["problem", "reward", "steps", "tokens", "error", "intervention"] as const;
export type Sort = (typeof SORTS)[number];

export interface ListQuery {
  find: string;
  reward: "" | "right" | "wrong" | "ungraded";
  proposal: "" | "chosen" | "kept" | "dropped" | "none";
  /** Id; "" for all. */
  problem: string;
  sort: Sort;
  dir: "asc" | "desc";
}

const REWARDS = ["right", "wrong", "ungraded"] as const;
const PROPOSALS = ["chosen", "kept", "dropped", "none"] as const;

/** The question in an address; what makes no sense is left out. */
export function listQueryOf(search: URLSearchParams): ListQuery {
  const given = (name: string) => search.get(name) ?? "";
  return {
    find: given("find").slice(0, 200),
    reward: REWARDS.find((r) => r === given("reward")) ?? "",
    proposal: PROPOSALS.find((p) => p === given("proposal")) ?? "",
    problem: given("problem"),
    sort: SORTS.find((s) => s === given("sort")) ?? "problem",
    dir: given("dir") === "desc" ? "desc" : "asc",
  };
}

/** Write a question into search parameters; defaults are left out. */
export function writeListQuery(query: ListQuery, search: URLSearchParams): URLSearchParams {
  for (const [name, value] of Object.entries(query)) {
    if (value === "" || (name === "sort" && value === "problem") || (name === "dir" && value === "asc")) search.delete(name);
    else search.set(name, value);
  }
  return search;
}

/** The rows as the pages show them, in the order of the files: problems in their order. */
export function listed(rows: readonly PublishedAttemptRow[], problems: readonly PublishedProblemRow[]): Listed[] {
  const byId = new Map(problems.map((p) => [p.id, { problem: p, words: `${p.start} ${p.key} ${p.answer} ${p.set}`.toLowerCase() }]));
  return rows.map((r) => {
    const of = byId.get(r[1]);
    return {
      id: r[0],
      problem: of?.problem ?? null,
      sample: r[2],
      model: r[3],
      reward: r[4],
      steps: r[5],
      tokens: r[6],
      finishReason: r[7],
      firstError: r[8],
      agreeing: r[9],
      verifications: r[10],
      label: r[11],
      location: r[12],
      kept: r[13],
      leaked: r[14],
      rates: { prefix: r[15], original: r[16], intervention: r[17] },
      words: `${of?.words ?? ""} ${(r[3] ?? "").toLowerCase()}`,
    };
  });
}

const REWARD_OF = { right: 1, wrong: 0, ungraded: null } as const;

function matches(row: Listed, query: ListQuery, words: readonly string[]): boolean {
  if (query.reward !== "" && row.reward !== REWARD_OF[query.reward]) return false;
  if (query.problem !== "" && row.problem?.id !== query.problem) return false;
  if (query.proposal === "chosen" && row.location === null) return false;
  if (query.proposal === "none" && row.location !== null) return false;
  if (query.proposal === "kept" && row.kept !== true) return false;
  if (query.proposal === "dropped" && row.kept !== false) return false;
  return words.every((word) => row.words.includes(word));
}

const LAST = Number.MAX_SAFE_INTEGER;
const KEY: Record<Sort, (row: Listed) => number> = {
  problem: () => 0,
  reward: (row) => row.reward ?? -1,
  steps: (row) => row.steps,
  tokens: (row) => row.tokens,
  error: (row) => row.firstError ?? LAST,
  intervention: ({ rates: { intervention: of } }) => (of === null || of[1] === 0 ? -1 : of[0] / of[1]),
};

/** The rows that a question finds, in its order; equals stay as they were. */
export function asked(rows: readonly Listed[], query: ListQuery): Listed[] {
  const words = wordsOf(query.find);
  const found = rows.filter((row) => matches(row, query, words));
  if (query.sort === "problem") return query.dir === "asc" ? found : found.reverse();
  const key = KEY[query.sort];
  const sign = query.dir === "asc" ? 1 : -1;
  return found.sort((a, b) => sign * (key(a) - key(b)));
}

/** Problems that hold all words of a search. */
export function foundProblems(problems: readonly PublishedProblemRow[], find: string): PublishedProblemRow[] {
  const words = wordsOf(find);
  return problems.filter((p) => {
    const text = `${p.start} ${p.key} ${p.answer} ${p.set}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

const wordsOf = (find: string) => find.toLowerCase().split(/\s+/).filter((word) => word !== "");

/** The beginning of a problem, for one line. */
export const startOf = (problem: PublishedProblemRow | null, length = 160) =>
  problem === null ? "" : plainStart(problem.start, length);
