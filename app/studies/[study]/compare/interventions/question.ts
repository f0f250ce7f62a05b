import { type SearchParams, single } from "@/app/search-params";
import { ARMS, type Arm } from "@/server/core/arms";

/** What the page is asked: run, pair of arms drawn, how positions are counted, data set of the funnel, problem set of the ablation. */
export interface Question {
  pipeline: string | undefined;
  pair: { a: Arm; b: Arm };
  by: "step" | "share";
  dataset: string | undefined;
  set: string | undefined;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const USUAL = { a: "intervention", b: "problem" } as const;

/** The question in an address; what makes no sense is left out. */
export function questionOf(search: SearchParams | URLSearchParams): Question {
  const one = (name: string) => (search instanceof URLSearchParams ? (search.get(name) ?? undefined) : single(search[name]));
  const id = (name: string) => {
    const value = one(name);
    return value !== undefined && UUID.test(value) ? value : undefined;
  };
  const [a, b] = (one("pair") ?? "").split("-").map((word) => ARMS.find((arm) => arm === word));
  return {
    pipeline: id("pipeline"),
    pair: a === undefined || b === undefined || a === b ? USUAL : { a, b },
    by: one("by") === "step" ? "step" : "share",
    dataset: id("dataset"),
    set: one("set"),
  };
}

/** The address with one word of the question changed; null takes it out. */
export function searchWith(search: URLSearchParams, name: string, value: string | null): string {
  const next = new URLSearchParams(search);
  if (value === null) next.delete(name);
  else next.set(name, value);
  return `?${next.toString()}`;
}
