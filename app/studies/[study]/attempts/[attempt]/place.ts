/** Where the reader stands in an attempt. All of it is in the address, so that a link shows a colleague the same. Pure. */
import { ORDERS, type Sift } from "@/components/attempt/sift";
import { ARMS, type Arm, OUTCOMES } from "@/server/core/arms";

/** One continuation beside this attempt. */
export interface SamplePlace {
  arm: Arm;
  /** 0-based. */
  sample: number;
}

export interface Place {
  /** 1-based. */
  step: number | null;
  /** Place of the verification sample in its list (0-based); null: the one whose proposal was chosen. */
  verification: number | null;
  /** The open continuation. */
  open: SamplePlace | null;
  /** The one beside it. */
  compared: SamplePlace | null;
  /** Which continuations the strips show, and in which order. */
  sift: Sift;
  /** Which panel is open; null: the first one, where there is room for it. */
  panel: string | null;
  /** What is searched for; "" for nothing. */
  query: string;
  /** Text as the model wrote it. */
  raw: boolean;
  /** Changed words are marked in the wrong step and its replacement. */
  diff: boolean;
  /** Blocks of thinking are unfolded. */
  thinking: boolean;
  /** The problem and its reference solution are unfolded. */
  problem: boolean;
  reference: boolean;
}

function whole(text: string | null): number | null {
  return text !== null && /^\d{1,7}$/.test(text) ? Number(text) : null;
}

function sampleOf(text: string | null): SamplePlace | null {
  const [name, number] = (text ?? "").split(".");
  const arm = ARMS.find((a) => a === name);
  const sample = whole(number ?? null);
  return arm === undefined || sample === null || sample < 1 ? null : { arm, sample: sample - 1 };
}

const LONGEST_QUERY = 200;

/** The place an address names; what makes no sense is left out. Numbers are 1-based there, as people count. */
export function placeOf(search: URLSearchParams, steps: number): Place {
  const step = whole(search.get("step"));
  const v = whole(search.get("v"));
  const outcomes = (search.get("outcome") ?? "").split(",");
  return {
    step: step !== null && step >= 1 && step <= steps ? step : null,
    verification: v === null || v < 1 ? null : v - 1,
    open: sampleOf(`${search.get("arm") ?? ""}.${search.get("sample") ?? ""}`),
    compared: sampleOf(search.get("with")),
    sift: {
      outcomes: OUTCOMES.filter((o) => outcomes.includes(o)),
      order: ORDERS.find((o) => o === search.get("order")) ?? "sample",
      shortest: whole(search.get("min")),
      longest: whole(search.get("max")),
    },
    panel: search.get("panel"),
    query: (search.get("q") ?? "").slice(0, LONGEST_QUERY),
    raw: search.get("raw") === "1",
    diff: search.get("diff") !== "0",
    thinking: search.get("think") === "1",
    problem: search.get("statement") !== "0",
    reference: search.get("reference") === "1",
  };
}

/** Write a place into search parameters; what is as by default is left out, and the other parameters stay. */
export function writePlace(place: Place, search: URLSearchParams): void {
  const set = (name: string, value: string | number | null | false) =>
    value === null || value === false || value === "" ? search.delete(name) : search.set(name, String(value));
  const { open, compared, sift } = place;
  set("step", place.step);
  set("v", place.verification === null ? null : place.verification + 1);
  set("arm", open?.arm ?? null);
  set("sample", open === null ? null : open.sample + 1);
  set("with", compared === null ? null : `${compared.arm}.${compared.sample + 1}`);
  set("outcome", sift.outcomes.join(","));
  set("order", sift.order !== "sample" && sift.order);
  set("min", sift.shortest);
  set("max", sift.longest);
  set("panel", place.panel);
  set("q", place.query);
  set("raw", place.raw && 1);
  set("diff", !place.diff && "0");
  set("think", place.thinking && 1);
  set("statement", !place.problem && "0");
  set("reference", place.reference && 1);
}
