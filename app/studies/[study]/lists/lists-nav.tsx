import Link from "next/link";
import { LIST_NAMES, type ListName, specOf } from "@/server/core/lists/tables";

/** The lists of a study, beside each other. */
export function ListsNav({ base, list }: { base: string; list: ListName }) {
  return (
    <nav aria-label="Lists of this study">
      <ul className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
        {LIST_NAMES.map((name) => (
          <li key={name}>
            <Link
              href={`${base}/${name}`}
              aria-current={name === list ? "page" : undefined}
              className={name === list ? "font-medium text-ink no-underline" : "text-soft"}
            >
              {specOf(name).title}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
