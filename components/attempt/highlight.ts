/**
 * Marks the hits of a search in the page without touching its elements (CSS Custom Highlight API): the render path stays
 * what it is, and a formula is marked whole when its source holds the words. Where the browser knows no highlights, the
 * rail and the steps' numbers still show where the hits are.
 */
import { flat, needleOf } from "./search";

const ALL = "search-hit";
const NOW = "search-hit-now";

/** Mark the hits of `query` below `root`; the `nth` of step `step` apart from the others. */
export function highlightHits(root: HTMLElement, query: string, now: { step: number; nth: number } | null): void {
  if (typeof CSS === "undefined" || !("highlights" in CSS)) return;
  clearHits();
  const needle = needleOf(query);
  if (needle === null) return;
  const all: Range[] = [];
  const current: Range[] = [];
  for (const item of root.querySelectorAll<HTMLElement>("[data-step]")) {
    const ranges = rangesIn(item, needle);
    const chosen = Number(item.dataset.step) === now?.step ? ranges[now.nth] : undefined;
    for (const range of ranges) (range === chosen ? current : all).push(range);
  }
  CSS.highlights.set(ALL, new Highlight(...all));
  CSS.highlights.set(NOW, new Highlight(...current));
}

/** Take all marks away. */
export function clearHits(): void {
  if (typeof CSS === "undefined" || !("highlights" in CSS)) return;
  CSS.highlights.delete(ALL);
  CSS.highlights.delete(NOW);
}

/** In the order of the document: stretches of text, and whole formulas. */
function rangesIn(item: HTMLElement, needle: { text: string; exact: boolean }): Range[] {
  const fold = (text: string) => (needle.exact ? text : text.toLowerCase());
  const ranges: Range[] = [];
  const places = item.querySelectorAll<HTMLElement>("[data-hits]");
  for (const place of places) {
    const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, (node) => {
      if (node instanceof HTMLElement && node.classList.contains("katex")) return NodeFilter.FILTER_ACCEPT;
      if (node.parentElement?.closest(".katex") != null) return NodeFilter.FILTER_REJECT;
      return node.nodeType === Node.TEXT_NODE ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP;
    });
    let run: Text[] = [];
    const flush = () => {
      ranges.push(...textRanges(run, needle.text, fold));
      run = [];
    };
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      if (node instanceof Text) {
        run.push(node);
        continue;
      }
      flush();
      const element = node as HTMLElement;
      const source = fold(flat(element.querySelector("annotation")?.textContent ?? ""));
      const drawn = element.querySelector(".katex-html");
      if (drawn === null) continue;
      for (let at = source.indexOf(needle.text); at !== -1; at = source.indexOf(needle.text, at + needle.text.length)) {
        const range = document.createRange();
        range.selectNodeContents(drawn);
        ranges.push(range);
      }
    }
    flush();
  }
  return ranges;
}

/** Matches in neighbouring text nodes read as one text, with white space as one blank. */
function textRanges(nodes: readonly Text[], needle: string, fold: (text: string) => string): Range[] {
  let text = "";
  const places: { node: Text; at: number }[] = [];
  for (const node of nodes) {
    for (let i = 0; i < node.data.length; i++) {
      const blank = /\s/.test(node.data[i] ?? "");
      if (blank && text.endsWith(" ")) continue;
      text += blank ? " " : (node.data[i] ?? "");
      places.push({ node, at: i });
    }
  }
  const hay = fold(text);
  // Letters that change their length when folded would move every place after them.
  if (hay.length !== text.length) return [];
  const ranges: Range[] = [];
  for (let at = hay.indexOf(needle); at !== -1; at = hay.indexOf(needle, at + needle.length)) {
    const [from, to] = [places[at], places[at + needle.length - 1]];
    if (from === undefined || to === undefined) continue;
    const range = document.createRange();
    range.setStart(from.node, from.at);
    range.setEnd(to.node, to.at + 1);
    ranges.push(range);
  }
  return ranges;
}
