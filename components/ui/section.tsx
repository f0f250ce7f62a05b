import { type ReactNode, useId } from "react";

/** A part of a page under its own heading. */
export function Section(props: { title: string; aside?: ReactNode; note?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="border-t border-ink pt-3">
      <div className="mb-4 flex flex-wrap items-baseline justify-between gap-x-6 gap-y-2">
        <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
          <h2 id={id} className="text-xl">
            {props.title}
          </h2>
          {props.note !== undefined && <p className="text-sm text-faint">{props.note}</p>}
        </div>
        {props.aside}
      </div>
      {props.children}
    </section>
  );
}
