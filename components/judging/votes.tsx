import type { LabelSchema } from "@/server/core/judging/labels";
import type { DecisionView, ItemOutcomes, ItemView } from "@/server/core/views/judging";
import { ARM_LABEL } from "@/server/core/arms";
import { outcomeWords } from "../attempt/prepare";
import { duration, plural } from "../ui/format";
import { RewardMark } from "../ui/reward-mark";
import { ModelText } from "../text/model-text";
import { decisionWords } from "./words";

/** A decision of somebody, in words, with the text that they wrote. */
export function Vote({ of: d, schema }: { of: DecisionView; schema: LabelSchema }) {
  return (
    <div className="text-sm">
      <p>
        <span className="font-medium">{d.person.name}</span> {decisionWords(d, schema)}
        <span className="text-faint">
          , {duration(d.seconds)}
          {d.sampled && ", sampled from a correction first"}
        </span>
      </p>
      {d.content !== null && (
        <div className="mt-1 border-s-2 border-intervention bg-intervention-wash px-3 py-1">
          <ModelText text={d.content} small />
        </div>
      )}
      {d.note !== "" && <p className="mt-0.5 whitespace-pre-wrap text-soft">{d.note}</p>}
    </div>
  );
}

/** What the model says about an item, how it came out and what others say: as far as it may be seen. */
export function ItemFacts({ item, schema }: { item: ItemView; schema: LabelSchema }) {
  const hidden = [
    !item.visible.proposal && item.hasProposal && "the model’s proposal",
    !item.visible.outcomes && "outcomes",
    !item.visible.decisions && "what others say",
  ].filter((w) => w !== false);
  return (
    <div className="space-y-4">
      {item.verifications !== null && item.verifications.length > 0 && (
        <section aria-label="The model’s verification">
          <h3 className="font-sans text-sm font-medium">The model’s verification</h3>
          <p className="text-sm text-soft">{saysWords(item)}</p>
        </section>
      )}
      {item.outcomes !== null && <Outcomes of={item.outcomes} />}
      {item.others !== null && item.others.length > 0 && (
        <section aria-label="What others say" className="space-y-2">
          <h3 className="font-sans text-sm font-medium">Others</h3>
          {item.others.map((d) => (
            <Vote key={d.id} of={d} schema={schema} />
          ))}
        </section>
      )}
      {item.gold !== null && (
        <p className="text-sm text-soft">
          Its answer is known, by {item.gold.source}:{" "}
          {item.gold.firstError === null ? "no error" : `first error at step ${item.gold.firstError}`}.
        </p>
      )}
      {hidden.length > 0 && <p className="text-sm text-faint">Hidden until you have decided: {hidden.join(", ")}.</p>}
    </div>
  );
}

/** "3 samples say step 4, 1 no error". */
function saysWords(item: ItemView): string {
  const counts = new Map<string, number>();
  for (const v of item.verifications ?? []) counts.set(outcomeWords(v), (counts.get(outcomeWords(v)) ?? 0) + 1);
  const parts = [...counts].sort((a, b) => b[1] - a[1]).map(([words, n]) => `${words} (${n})`);
  return `${plural(item.verifications?.length ?? 0, "sample")}: ${parts.join(", ")}`;
}

function Outcomes({ of: o }: { of: ItemOutcomes }) {
  return (
    <section aria-label="How it came out" className="text-sm">
      <h3 className="font-sans text-sm font-medium">How it came out</h3>
      <p className="flex flex-wrap gap-x-3 text-soft">
        <RewardMark reward={o.reward} cutOff={o.finishReason === "length"} />
        {o.grade?.extracted != null && (
          <span>
            answered <code className="font-mono">{o.grade.extracted}</code>
          </span>
        )}
        {o.kept !== null && <span>{o.kept ? "proposal kept" : "proposal dropped"}</span>}
      </p>
      {o.strips.length > 0 && (
        <ul className="mt-1 text-soft">
          {o.strips.map((s) => (
            <li key={s.arm}>
              {ARM_LABEL[s.arm]}: {s.correct} of {s.marks.length} right
            </li>
          ))}
        </ul>
      )}
      {o.labels.map((l) => (
        <p key={l.source} className="text-soft">
          Labelled by {l.source}: {l.firstError === null ? "no error" : `step ${l.firstError}`}
        </p>
      ))}
    </section>
  );
}
