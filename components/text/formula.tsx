"use client";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { LONGEST_FORMULA } from "./math";
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

/** One formula, typeset in the browser; its source where it cannot be (yet). */
export function Formula({ body, source, display }: { body: string; source: string; display: boolean }) {
  const browser = useInBrowser();
  if (!browser) return <code className="font-mono text-[0.85em]">{source}</code>;
  const made =
    body.length > LONGEST_FORMULA ? { html: null, why: "It is too long to typeset." } : typeset(body, display);
  if (made.html === null) {
    return (
      <code
        className="rounded-xs bg-uncertainty-wash px-1 font-mono text-[0.85em] break-all"
        title={`This formula could not be typeset. ${made.why}`}
      >
        {source}
      </code>
    );
  }
  return display ? <Wide html={made.html} source={source} /> : <Html html={made.html} />;
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
    const observer = new ResizeObserver(() => setWide(element.scrollWidth > element.clientWidth));
    observer.observe(element);
    // The formula itself grows when its fonts arrive.
    for (const child of element.children) observer.observe(child);
    return () => observer.disconnect();
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
