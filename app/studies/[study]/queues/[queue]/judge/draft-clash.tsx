import { TypesetDiff } from "@/components/attempt/replacement";
import type { Draft } from "@/components/judging/draft";
import { Button } from "@/components/ui/button";
import { Message } from "@/components/ui/message";
import type { DraftHand } from "./use-draft";

/** Two texts of one draft: what changed elsewhere, and the choice between both. Neither is lost before it is made. */
export function DraftClash(props: {
  mine: Draft;
  clash: NonNullable<DraftHand["clash"]>;
  onResolve: (take: "mine" | "theirs") => void;
}) {
  const { mine, clash } = props;
  return (
    <Message
      tone="uncertainty"
      action={
        <span className="flex flex-wrap gap-3">
          <Button onClick={() => props.onResolve("mine")}>Keep what is here</Button>
          <Button onClick={() => props.onResolve("theirs")}>Take the other</Button>
        </span>
      }
    >
      <p>{clash.why} Nothing of either is lost yet. The other, against what is here:</p>
      <div className="mt-2 border-s-2 border-edge ps-3">
        {clash.theirs.content === null ? (
          <p className="text-soft">
            It holds no text ({clash.theirs.mode === "idle" ? "nothing begun" : clash.theirs.mode}).
          </p>
        ) : (
          <TypesetDiff original={mine.content ?? ""} replacement={clash.theirs.content} side="right" />
        )}
      </div>
    </Message>
  );
}
