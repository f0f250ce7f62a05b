import Link from "next/link";
import type { ReactNode } from "react";
import { PersonPlace } from "./person-slot";
import { ThemeToggle } from "./theme-toggle";

export interface Crumb {
  label: string;
  href: string;
}

/** The frame of every page: where we are, what is live, and the colours. `wide` lets the content use the whole window. */
export function Page(props: {
  crumbs?: readonly Crumb[];
  status?: ReactNode;
  wide?: boolean;
  /** Where the first crumb leads; default: the product's own first page. */
  home?: Crumb;
  children: ReactNode;
}) {
  const home = props.home ?? { label: "Intervene", href: "/" };
  const width = props.wide === true ? "max-w-[120rem]" : "max-w-[var(--page)]";
  return (
    <>
      <header className="sticky top-0 z-30 border-b border-rule bg-paper">
        <div className={`mx-auto flex h-11 items-center gap-x-3 px-[var(--gutter)] ${width}`}>
          <nav aria-label="Where you are" className="min-w-0 flex-1">
            <ol className="flex items-baseline gap-2 overflow-hidden text-sm whitespace-nowrap">
              <li>
                <Link href={home.href} className="font-serif text-lg font-semibold tracking-tight no-underline">
                  {home.label}
                </Link>
              </li>
              {props.crumbs?.map((c, i, all) => (
                // On a phone there is room for where one is, and no more.
                <li key={c.href} className={`flex min-w-0 items-baseline gap-2 ${i < all.length - 1 ? "max-sm:hidden" : ""}`}>
                  <span aria-hidden className="text-faint">
                    /
                  </span>
                  <Link href={c.href} className="truncate text-soft no-underline hover:text-ink hover:underline">
                    {c.label}
                  </Link>
                </li>
              ))}
            </ol>
          </nav>
          {props.status}
          <PersonPlace />
          <ThemeToggle />
        </div>
      </header>
      <main id="main" tabIndex={-1} className={`mx-auto px-[var(--gutter)] pt-6 pb-24 outline-none ${width}`}>
        {props.children}
      </main>
    </>
  );
}
