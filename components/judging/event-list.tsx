import type { LabelSchema } from "@/server/core/judging/labels";
import type { ItemHistory } from "@/server/core/views/judging";
import { TypesetDiff } from "../attempt/replacement";
import { ModelText } from "../text/model-text";
import { cx } from "../ui/cx";
import { duration, moment } from "../ui/format";
import { decisionWords, shownWords } from "./words";

type Event = ItemHistory["events"][number];

/** The rows of a history; those after `at` have not happened yet in the replay. */
export function EventList(props: {
  events: readonly Event[];
  at: number;
  schema: LabelSchema;
  onShow: (n: number) => void;
}) {
  return (
    <ol className="max-w-4xl divide-y divide-rule border-y border-rule text-sm">
      {props.events.map((e, i) => {
        const gone = e.kind === "decision" ? e.undone : e.replaced;
        return (
          <li key={e.kind === "decision" ? e.decision.id : e.settlement.id}>
            <button
              type="button"
              aria-current={i + 1 === props.at ? "step" : undefined}
              onClick={() => props.onShow(i + 1)}
              className={cx(
                "block w-full border-s-2 px-3 py-1.5 text-start hover:bg-sunken",
                i + 1 === props.at ? "border-ink" : "border-transparent",
                i + 1 > props.at && "text-faint",
              )}
            >
              <span className="flex flex-wrap items-baseline gap-x-3">
                <span className="font-medium">{(e.kind === "decision" ? e.decision : e.settlement).person.name}</span>
                <span className={gone ? "line-through decoration-edge" : ""}>{words(e, props.schema)}</span>
                {gone && (
                  <span className="text-faint">{e.kind === "decision" ? "taken back later" : "replaced later"}</span>
                )}
                <span className="ms-auto text-faint">
                  {moment((e.kind === "decision" ? e.decision : e.settlement).createdAt)}
                </span>
              </span>
              {e.kind === "decision" && e.decision.action !== "undo" && (
                <span className="block text-faint">
                  {duration(e.decision.seconds)}; {shownWords(e.decision.shown)}
                  {e.decision.sampled && "; sampled from a correction first"}
                </span>
              )}
            </button>
          </li>
        );
      })}
    </ol>
  );
}

function words(e: Event, schema: LabelSchema): string {
  if (e.kind === "settlement")
    return `settled: ${decisionWords(e.settlement, schema)}${e.settlement.decisionId === null ? "" : ", following a vote"}`;
  return decisionWords(e.decision, schema);
}

/** What was written in a row, against the proposal. */
export function EventText({ of: e, proposal }: { of: Event; proposal: string | null }) {
  const { content, location, note } = e.kind === "decision" ? e.decision : e.settlement;
  if (content === null && note === "") return null;
  return (
    <section aria-label="What was written" className="mb-6 max-w-3xl">
      {content !== null && (
        <figure className="border-t-2 border-intervention bg-intervention-wash px-3 py-2">
          <figcaption className="mb-1 text-sm font-medium text-intervention">In place of step {location}</figcaption>
          {proposal === null ? (
            <ModelText text={content} />
          ) : (
            <TypesetDiff original={proposal} replacement={content} side="right" />
          )}
        </figure>
      )}
      {note !== "" && <p className="mt-1 text-sm whitespace-pre-wrap text-soft">{note}</p>}
    </section>
  );
}
