import type { Look } from "./look";
import { markerPath } from "./look";

/** A series as the legend names it. */
export interface Series {
  name: string;
  look: Look;
  /** Drawn as a line (default), as points, or both. */
  as?: "line" | "points" | "both";
}

/** What stands around an exported drawing. */
export interface Caption {
  title: string;
  note: string;
  series: readonly Series[];
}

/** What of an element's style makes its picture and is handed down to what is in it; everything else is the page's. */
const INHERITED = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-opacity",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-linejoin",
  "font-family",
  "font-size",
  "font-weight",
  "font-style",
  "text-anchor",
  "visibility",
  "paint-order",
] as const;
/** What is not handed down, with the value that need not be said. */
const OWN = { opacity: "1", display: "inline", "dominant-baseline": "auto", "vector-effect": "none" } as const;
const COLOURED = new Set<string>(["fill", "stroke"]);
const SVG = "http://www.w3.org/2000/svg";
const PAD = 16;

/**
 * The drawings in an element as one SVG that stands on its own: tokens resolved to colours, title, note and legend in it.
 * HTML between the drawings is not in it. @throws Error where there is no drawing.
 */
export function standaloneSvg(drawing: HTMLElement, caption: Caption): { text: string; width: number; height: number } {
  const frame = drawing.getBoundingClientRect();
  const drawn = [...drawing.querySelectorAll("svg")].filter((svg) => svg.parentElement?.closest("svg") === null && svg.getBoundingClientRect().width > 0);
  if (drawn.length === 0) throw new Error("There is no drawing yet.");
  const paint = painter();
  const page = getComputedStyle(drawing);
  const [ink, soft, paper] = ["--ink", "--soft", "--paper"].map((token) => paint(tokenColour(drawing, token)));
  const width = Math.ceil(frame.width) + 2 * PAD;
  const pen = document.createElement("canvas").getContext("2d");
  const measure = (text: string, font: string) => {
    if (pen === null) return text.length * 7;
    pen.font = font;
    return pen.measureText(text).width;
  };
  const out = document.createElementNS(SVG, "svg");
  const add = (name: string, attributes: Record<string, string | number>, text?: string): SVGElement => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
    if (text !== undefined) made.textContent = text;
    out.append(made);
    return made;
  };
  add("title", {}, caption.title);
  add("desc", {}, caption.note);
  const ground = add("rect", { width: "100%", height: "100%", fill: paper ?? "white" });
  const face = page.fontFamily;
  let y = PAD;
  for (const [text, size, weight, fill] of [
    [caption.title, 14, 600, ink],
    [caption.note, 12, 400, soft],
  ] as const) {
    for (const line of wrapped(text, width - 2 * PAD, (t) => measure(t, `${weight} ${size}px ${face}`))) {
      y += size + 3;
      add("text", { x: PAD, y, fill: fill ?? "black", "font-family": face, "font-size": size, "font-weight": weight }, line);
    }
  }
  y += 10;
  let x = PAD;
  for (const { name, look, as = "line" } of caption.series) {
    const needed = 36 + measure(name, `12px ${face}`) + 20;
    if (x > PAD && x + needed > width - PAD) {
      x = PAD;
      y += 18;
    }
    const stroke = paint(tokenColour(drawing, look.stroke));
    if (as !== "points")
      add("line", { x1: x, x2: x + 26, y1: y + 8, y2: y + 8, stroke, "stroke-width": 2, ...(look.dash === undefined ? {} : { "stroke-dasharray": look.dash }) });
    if (as !== "line") {
      const open = look.marker === "cross" || look.marker === "plus";
      add("path", { d: markerPath(look.marker, x + 13, y + 8, 4), stroke, "stroke-width": open ? 2 : 1.5, fill: open ? "none" : stroke });
    }
    add("text", { x: x + 34, y: y + 12, fill: ink ?? "black", "font-family": face, "font-size": 12 }, name);
    x += needed;
  }
  if (caption.series.length > 0) y += 26;
  for (const svg of drawn) {
    const at = svg.getBoundingClientRect();
    const copy = svg.cloneNode(true) as SVGSVGElement;
    const [from, to] = [[svg, ...svg.querySelectorAll("*")], [copy, ...copy.querySelectorAll("*")]];
    from.forEach((element, i) => {
      const target = to[i];
      if (!(target instanceof SVGElement)) return;
      const style = getComputedStyle(element);
      const above = element === svg || element.parentElement === null ? null : getComputedStyle(element.parentElement);
      const put = (property: string, value: string, needed: boolean) => {
        if (needed && value !== "") target.setAttribute(property, COLOURED.has(property) ? paint(value) : value);
        else target.removeAttribute(property);
      };
      for (const property of INHERITED) {
        const value = style.getPropertyValue(property);
        put(property, value, value !== above?.getPropertyValue(property));
      }
      for (const [property, usual] of Object.entries(OWN)) {
        const value = style.getPropertyValue(property);
        put(property, value, value !== usual && !(property === "display" && value !== "none"));
      }
      for (const name of ["class", "style", "tabindex", "role", "id"]) if (name !== "id" || !inUse(svg, element.id)) target.removeAttribute(name);
    });
    copy.setAttribute("x", String(at.left - frame.left + PAD));
    copy.setAttribute("y", String(at.top - frame.top + y));
    copy.setAttribute("width", String(at.width));
    copy.setAttribute("height", String(at.height));
    out.append(copy);
  }
  const height = Math.ceil(y + frame.height + PAD);
  ground.setAttribute("height", String(height));
  for (const [key, value] of Object.entries({ xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}` })) out.setAttribute(key, String(value));
  return { text: new XMLSerializer().serializeToString(out), width, height };
}

/** A drawing as a PNG, drawn at `scale` times its size. @throws Error where the browser cannot. */
export async function pngOf(svg: { text: string; width: number; height: number }, scale = 2): Promise<Blob> {
  const image = new Image(svg.width, svg.height);
  // A data address and no blob's: the policy of the pages allows no other.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg.text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = svg.width * scale;
  canvas.height = svg.height * scale;
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("This browser cannot draw a picture.");
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob === null ? reject(new Error("This browser cannot write a PNG.")) : resolve(blob)), "image/png"),
  );
}

/** Hand a file to the person. */
export function download(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Whether something in the drawing refers to it (a clip path). */
function inUse(svg: SVGSVGElement, id: string): boolean {
  return id !== "" && svg.outerHTML.includes(`#${id}`);
}

/** A token's or `var(…)`'s colour where an element stands. */
function tokenColour(place: HTMLElement, colour: string): string {
  const probe = document.createElement("span");
  probe.style.color = colour.startsWith("--") ? `var(${colour})` : colour;
  place.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

/** Any CSS colour as what every SVG program reads: #rrggbb, or rgba() where one can look through it. */
function painter(): (colour: string) => string {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const known = new Map<string, string>();
  return (colour) => {
    if (context === null || colour === "none" || colour.startsWith("url(") || colour.startsWith("context-")) return colour;
    const before = known.get(colour);
    if (before !== undefined) return before;
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [r = 0, g = 0, b = 0, a = 255] = context.getImageData(0, 0, 1, 1).data;
    const hex = `#${[r, g, b].map((v) => v.toString(16).padStart(2, "0")).join("")}`;
    const found = a === 255 ? hex : a === 0 ? "none" : `rgba(${r}, ${g}, ${b}, ${(a / 255).toFixed(3)})`;
    known.set(colour, found);
    return found;
  };
}

/** A text in lines no wider than `width`. */
function wrapped(text: string, width: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ").filter((w) => w !== "")) {
    const last = lines.at(-1);
    if (last !== undefined && measure(`${last} ${word}`) <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
