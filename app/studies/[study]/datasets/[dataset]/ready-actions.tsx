import Link from "next/link";
import type { ReactNode } from "react";
import { buttonClass } from "@/components/ui/button";
import type { DatasetView } from "@/server/core/datasets/view";

/** Something that can be done with a ready data set: a button or a link at the head of its page. */
export interface ReadyAction {
  id: string;
  Action: (props: { study: string; dataset: DatasetView }) => ReactNode;
}

/** In the order in which they stand there. One more: its component, and a line here. */
export const READY_ACTIONS: readonly ReadyAction[] = [
  {
    id: "export",
    Action: ({ study, dataset }) => (
      <Link
        href={`/studies/${encodeURIComponent(study)}/export?dataset=${encodeURIComponent(dataset.name)}`}
        className={buttonClass("plain", "no-underline")}
      >
        Export
      </Link>
    ),
  },
  {
    id: "compare",
    Action: ({ study, dataset }) =>
      dataset.source === "hint" ? null : (
        <Link href={`/studies/${encodeURIComponent(study)}/compare/sources`} className={buttonClass("plain", "no-underline")}>
          Compare sources
        </Link>
      ),
  },
];
