import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import type { QueueView } from "@/server/core/views/judging";
import type { Session } from "./use-session";

/** Why there is no item: it comes, there is none for this judge, others have them, the queue is closed. */
export function NothingHere({ session, queue, help }: { session: Session; queue: QueueView; help: ReactNode }) {
  const { why, busy, away } = session;
  if (why === null)
    return (
      <p className="mt-6 text-faint">
        {away ? "Waiting for the connection." : busy ? "Reading…" : "There is no item just now."}
      </p>
    );
  const [title, words] =
    why === "closed"
      ? ["This queue is closed", "Nobody is asked any more. What was decided is kept."]
      : why === "taken"
        ? [
            "Others have what is left",
            "The page looks again every few seconds; an item that its judge leaves comes to you.",
          ]
        : queue.mine.votes > 0 || session.last !== null
          ? ["You have judged everything here", "Nothing in this queue is left for you."]
          : ["Nothing here is for you", "Every item has all of its judges."];
  return (
    <div className="mt-8" role="status" data-testid="nothing">
      <h2 className="text-xl">{title}</h2>
      <p className="mt-1 max-w-prose text-soft">{words}</p>
      <p className="mt-4 flex items-center gap-4">
        {why !== "closed" && (
          <Button onClick={session.undo} disabled={busy}>
            Take the last decision back
          </Button>
        )}
        {help}
      </p>
    </div>
  );
}
