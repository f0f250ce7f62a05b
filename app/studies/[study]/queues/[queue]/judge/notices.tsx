import { Button } from "@/components/ui/button";
import { Message } from "@/components/ui/message";
import type { Notice } from "./use-session";

/** Decisions that were not kept, and why; what had been written is there to be copied. */
export function Notices({ of, onDismiss }: { of: readonly Notice[]; onDismiss: (id: string) => void }) {
  return of.map((n) => (
    <Message
      key={n.id}
      tone="error"
      action={
        <Button tone="quiet" onClick={() => onDismiss(n.id)}>
          Dismiss
        </Button>
      }
    >
      <p>{n.words}</p>
      {n.text !== null && (
        <pre className="mt-1 max-h-40 overflow-auto font-mono text-sm whitespace-pre-wrap" role="region" aria-label="What you wrote" tabIndex={0}>
          {n.text}
        </pre>
      )}
    </Message>
  ));
}
