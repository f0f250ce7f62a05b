import { LOCATION_KEYS, type LooseObject, readLooseObject } from "./looseObject";

/** What stands in the tag. */
export type InterventionReading =
  | { kind: "given"; content: string; location: number | null; closed: boolean; note: string }
  /** The model says that there is nothing to correct. */
  | { kind: "empty"; note: string }
  | { kind: "unreadable"; note: string }
  | { kind: "absent"; note: string };

const TAG = /(?:<|&lt;)\s{0,3}(\/?)\s{0,3}intervention\s{0,3}(\/?)(?:>|&gt;)/gi;
/** How many tags are looked at, from the last backwards, when the last cannot be read. */
const TAGS_TRIED = 6;

const CONTENT_KEYS = ["content", "intervention", "text"];

/**
 * The proposal of a verification output. The last <intervention> tag counts, closed or not; when it cannot be read
 * (the model goes on to talk about its tag, or uses an opening tag to close), the one before it, and so on. Without any tag the
 * last JSON-like object with a "content" key counts.
 */
export function readIntervention(text: string): InterventionReading {
  const tags = [...text.matchAll(TAG)];
  let last: InterventionReading | null = null;
  let tried = 0;
  for (let k = tags.length - 1; k >= 0 && tried < TAGS_TRIED; k--) {
    const tag = tags[k];
    if (!tag || tag[1] === "/") continue;
    tried++;
    const start = tag.index + tag[0].length;
    const next = tags[k + 1];
    const closed = tag[2] === "/" || next?.[1] === "/";
    const body = tag[2] === "/" ? "" : text.slice(start, next?.index);
    const reading = readBody(body, closed);
    if (reading.kind === "given" || reading.kind === "empty") {
      return last ? { ...reading, note: joined("the last tag cannot be read, an earlier one is used", reading.note) } : reading;
    }
    last ??= reading;
  }
  const loose = readWithoutTag(text);
  if (loose) return loose;
  return last ?? { kind: "absent", note: "there is no <intervention> tag" };
}

function readBody(body: string, closed: boolean): InterventionReading {
  const repairs: string[] = closed ? [] : ["the tag is not closed"];
  let inside = body.trim();
  if (inside.startsWith("```")) {
    const end = inside.lastIndexOf("```");
    inside = inside.slice(0, end > 0 ? end : undefined).replace(/^```[\w-]{0,20}/, "").trim();
    repairs.push("a code fence inside the tag");
  }
  if (inside === "") {
    return closed ? { kind: "empty", note: "the tag is empty" } : { kind: "unreadable", note: "the tag is not closed and empty" };
  }
  if (saysNothing(inside)) return { kind: "empty", note: "the tag holds words that say there is no error" };
  const content = /<content>([\s\S]*?)(?:<\/content>|$)/i.exec(inside);
  const object = content ? xmlObject(inside, content[1] ?? "") : readLooseObject(inside);
  return fromObject(object, repairs);
}

function xmlObject(inside: string, content: string): LooseObject {
  const location = /<location>([^<]{0,40})/i.exec(inside)?.[1];
  const fields: LooseObject["fields"] = new Map([["content", { text: content, closed: true }]]);
  if (location !== undefined) fields.set("location", { text: location, closed: true });
  return { fields, repairs: ["elements instead of JSON"] };
}

function fromObject(object: LooseObject, before: readonly string[]): InterventionReading {
  const repairs = [...before, ...object.repairs];
  const content = CONTENT_KEYS.map((k) => object.fields.get(k)).find((v) => v !== undefined);
  const place = LOCATION_KEYS.map((k) => object.fields.get(k)).find((v) => v !== undefined);
  if (!content) {
    const note = joined(place ? "the content is missing" : "what is in the tag is no JSON object with a content", ...repairs);
    return { kind: "unreadable", note };
  }
  const text = content.text.trim();
  if (text === "" || saysNothing(text)) return { kind: "empty", note: repairs.join("; ") };
  if (/^[.…\s]+$/.test(text)) return { kind: "unreadable", note: joined("the content is a placeholder", ...repairs) };
  const location = place ? readLocation(place.text) : null;
  if (place && location !== null && !/^\s*[-+]?\d+\s*$/.test(place.text)) repairs.push(`the location is written ${JSON.stringify(place.text.trim().slice(0, 40))}`);
  return { kind: "given", content: text, location, closed: content.closed, note: repairs.join("; ") };
}

const NUMBER_WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split(" ");

/**
 * A step number as models write it: 12, 12.0, "12", "Substep 12", "before step 3", "step three", "3-4" (its beginning). Null when
 * there is none, or when the number is only a part of something else ("12=66").
 */
export function readLocation(text: string): number | null {
  const s = text.trim();
  if (s.length > 80) return null;
  const number = /^[^\d-]{0,40}(-?\d{1,40})(?:\.0{1,6})?(?![\d.])\s*(?:(?:-|–|—|to|and|or|\/)\s*(?:sub-?steps?|steps?)?\s*\d{1,9})?([^\d=]{0,60})$/i.exec(s);
  if (number) return Number(number[1]);
  if (/\d/.test(s)) return null;
  const word = s.toLowerCase().match(/[a-z]+/g)?.map((w) => NUMBER_WORDS.indexOf(w)).find((i) => i !== -1);
  return word ?? null;
}

function saysNothing(text: string): boolean {
  if (text.length > 60) return false;
  const words = text.replace(/^["'“({[\s]+|["'”)}\].\s]+$/g, "").toLowerCase();
  if (words === "") return /^[^.…]*$/.test(text);
  return /^(?:none|null|n\/a|empty|nothing|no (?:critical )?(?:errors?|mistakes?)(?: (?:was |were |is )?found)?|no intervention(?: is)?(?: needed| required| necessary)?)$/.test(words);
}

/** The last object with a quoted "content" key, anywhere in the text. */
function readWithoutTag(text: string): InterventionReading | null {
  const keys = [...text.matchAll(/\{\s{0,40}(?:["'“]location["'”]\s{0,5}:[^{},\n]{1,40},\s{0,40})?["'“]content["'”]\s{0,5}:/gi)];
  const at = keys.at(-1)?.index;
  if (at === undefined) return null;
  const reading = fromObject(readLooseObject(text.slice(at)), ["no <intervention> tag around the JSON"]);
  return reading.kind === "unreadable" ? null : reading;
}

function joined(...notes: readonly string[]): string {
  return notes.filter((n) => n !== "").join("; ");
}
