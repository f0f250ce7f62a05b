"use client";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { LONGEST_FORMULA } from "./math";
import { useNear } from "./near";
import { typeset } from "./typeset";

const never = () => () => {};

/** False on the server and while hydrating: a page of 1,000 formulas typeset on the server weighs 2.7 MB. */
function useInBrowser(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}

/** One formula, typeset in the browser when it is near the window; its source where it cannot be (yet). */
export function Formula({ body, source, display }: { body: string; source: string; display: boolean }) {
  const browser = useInBrowser();
  const near = useNear();
  if (!browser || !near)
    return (
      <code className={display ? "block py-2 text-center font-mono text-[0.85em]" : "font-mono text-[0.85em]"}>
        {source}
      </code>
    );
  const made =
    body.length > LONGEST_FORMULA ? { html: null, why: "It is too long to typeset." } : typeset(body, display);
  if (made.html === null) return <AsSource source={source} why={made.why} />;
  return display ? <Wide html={made.html} source={source} /> : <Html html={made.html} />;
}

/** What could not be typeset, as it was written, and why. */
function AsSource({ source, why }: { source: string; why: string }) {
  return (
    <span title={`This formula could not be typeset. ${why}`} data-not-typeset>
      <code className="rounded-xs bg-uncertainty-wash px-1 font-mono text-[0.85em] break-all">{source}</code>
      <span className="ms-1 font-sans text-xs whitespace-nowrap text-uncertainty">not typeset</span>
    </span>
  );
}

/** The one place where a string becomes HTML: KaTeX's own output (see typeset.ts). */
function Html({ html, className }: { html: string; className?: string }) {
  // biome-ignore lint/security/noDangerouslySetInnerHtml: KaTeX wrote it, with trust off
  return <span className={className} dangerouslySetInnerHTML={{ __html: html }} />;
}

/** A displayed formula; one that is wider than its place scrolls, and only then takes a tab stop. */
function Wide({ html, source }: { html: string; source: string }) {
  const place = useRef<HTMLSpanElement>(null);
  const [wide, setWide] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    return watchWidth(element, setWide);
  }, []);
  return (
    <span
      ref={place}
      className="block overflow-x-auto overflow-y-hidden"
      {...(wide ? { tabIndex: 0, role: "group", "aria-label": `Wide formula ${source.slice(0, 120)}` } : {})}
    >
      <Html html={html} className="block w-max min-w-full" />
    </span>
  );
}

const told = new WeakMap<Element, (wide: boolean) => void>();
let widths: ResizeObserver | null = null;

/** One observer for all formulas: a long attempt shows hundreds of them while it is scrolled. */
function watchWidth(element: HTMLElement, tell: (wide: boolean) => void): () => void {
  widths ??= new ResizeObserver((entries) => {
    const places = new Set(entries.map((e) => (told.has(e.target) ? e.target : e.target.parentElement)));
    for (const place of places) if (place !== null) told.get(place)?.(place.scrollWidth > place.clientWidth);
  });
  told.set(element, tell);
  widths.observe(element);
  // The formula itself grows when its fonts arrive.
  const children = [...element.children];
  for (const child of children) widths.observe(child);
  return () => {
    told.delete(element);
    for (const one of [element, ...children]) widths?.unobserve(one);
  };
}
