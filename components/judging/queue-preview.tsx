import type { QueuePreview as Preview } from "@/server/core/views/judging";
import { count, plural } from "../ui/format";

/** What a queue would hold. */
export function QueuePreview({ of, subject }: { of: Preview; subject: "attempt" | "proposal" }) {
  return (
    <div>
      <p className="font-serif text-2xl tabular-nums" data-testid="preview-items">
        {plural(of.items, "item")}
      </p>
      <p className="text-sm text-soft">
        The filter finds {of.more ? `more than ${count(of.matches)} ${subject}s` : plural(of.matches, subject)}; the
        items are of {plural(of.problems, "problem")}
        {of.gold > 0 && `, ${count(of.gold)} of them gold`}.
      </p>
      {of.notes.map((note) => (
        <p key={note} className="mt-1 text-sm text-uncertainty">
          {note}
        </p>
      ))}
    </div>
  );
}
