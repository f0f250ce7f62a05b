"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";

const PAGES = [
  ["table", "Final table"],
  ["runs", "Runs"],
  ["sources", "SFT sources"],
  ["interventions", "Interventions"],
] as const;

/** The four comparisons of a study. `base`: the address of its compare pages. */
export function CompareNav({ base }: { base: string }) {
  const here = usePathname();
  return (
    <nav aria-label="Comparisons" className="mb-8 border-b border-rule">
      <ul className="flex flex-wrap gap-x-6">
        {PAGES.map(([path, label]) => {
          const current = decodeURIComponent(here).endsWith(`/compare/${path}`);
          return (
            <li key={path}>
              <Link
                href={`${base}/${path}`}
                aria-current={current ? "page" : undefined}
                className={`-mb-px inline-block border-b-2 py-1.5 no-underline ${current ? "border-ink font-medium" : "border-transparent text-soft hover:border-edge hover:text-ink"}`}
              >
                {label}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
