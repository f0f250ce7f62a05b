"use client";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { type KeyAction, keysOf } from "@/server/core/judging/keys";
import type { LabelOption, LabelSchema } from "@/server/core/judging/labels";
import { buttonClass } from "../ui/button";
import { cx } from "../ui/cx";
import type { Draft } from "./draft";
import { Key } from "./key-hint";
import type { PressAction } from "./press";

const NAMES: readonly (readonly [PressAction, string])[] = [
  ["accept", "Accept"],
  ["reject", "Reject"],
  ["locate", "Error is here"],
  ["edit", "Rewrite"],
  ["no_error", "No error"],
  ["cannot_tell", "Cannot tell"],
  ["flag", "Flag"],
  ["skip", "Skip"],
];

/** Everything that can be said about an item, with its key; stays at the lower edge of the window. */
export function DecideBar(props: {
  draft: Draft;
  schema: LabelSchema;
  keys: Partial<Record<KeyAction, string>>;
  /** A proposal is there to accept or reject. */
  proposal: boolean;
  /** Nothing can be decided just now. */
  off: boolean;
  /** An item is settled, not judged: nothing to take back, and skipping goes to the next one. */
  settling?: boolean;
  canUndo?: boolean;
  onPress: (action: PressAction) => void;
  onDigit: (digit: number) => void;
  onFinish: () => void;
  onCancel: () => void;
  onDrop: () => void;
  onNote: (note: string) => void;
  onUndo?: () => void;
  /** Beside the rewriting: samples. */
  more?: ReactNode;
  /** At the far end: keys, history. */
  end?: ReactNode;
}) {
  const { draft, schema } = props;
  const keys = keysOf(props.keys);
  const asked = NAMES.filter(
    ([a]) => a === "skip" || (schema.actions.includes(a) && (props.proposal || (a !== "accept" && a !== "reject"))),
  );
  return (
    <div
      role="region"
      aria-label={props.settling === true ? "Settle" : "Decide"}
      className="sticky bottom-0 z-20 -mx-[var(--gutter)] mt-6 border-t border-ink bg-raised px-[var(--gutter)] py-2"
    >
      <Making {...props} />
      <div className="flex flex-wrap items-center gap-1.5">
        {asked.map(([action, name]) => (
          <button
            key={action}
            type="button"
            disabled={props.off && action !== "skip"}
            aria-pressed={["reject", "locate", "edit", "flag"].includes(action) ? draft.mode === action : undefined}
            onClick={() => props.onPress(action)}
            className={cx(buttonClass("plain", "max-sm:px-2"), draft.mode === action && "border-ink font-medium")}
          >
            <Key of={keys[action]} className="max-sm:hidden" />
            {action === "skip" && props.settling === true ? "Next" : name}
          </button>
        ))}
        {props.settling !== true && (
          <button
            type="button"
            disabled={props.canUndo !== true}
            onClick={props.onUndo}
            className={buttonClass("plain", "max-sm:px-2")}
          >
            <Key of={keys.undo} className="max-sm:hidden" />
            Undo
          </button>
        )}
        <span className="ms-auto flex flex-wrap items-center gap-x-3">{props.end}</span>
      </div>
    </div>
  );
}

/** What is in the making, and what it still needs. */
function Making(props: Parameters<typeof DecideBar>[0]) {
  const { draft, schema } = props;
  const id = useId();
  const note = useRef<HTMLTextAreaElement>(null);
  const flagging = draft.mode === "flag";
  useEffect(() => {
    if (flagging) note.current?.focus();
  }, [flagging]);
  const kinds =
    schema.errorTypes.length > 0 && (draft.mode === "locate" || draft.mode === "edit" || draft.errorType !== "");
  if (draft.mode === "idle" && draft.content === null && !kinds) return null;
  const moved =
    draft.mode === "reject" && draft.firstError !== null ? ` It is at step ${draft.firstError} instead.` : "";
  return (
    <div className="mb-2 space-y-1.5 text-sm">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        {draft.mode === "reject" && (
          <Options label={`Why is it rejected?${moved}`} options={schema.reasons} chosen="" onDigit={props.onDigit} />
        )}
        {draft.mode === "locate" && <strong className="font-medium">First error at step {draft.firstError}.</strong>}
        {draft.mode === "edit" && <strong className="font-medium">Rewriting step {draft.location}.</strong>}
        {draft.mode === "idle" && draft.content !== null && (
          <span className="text-soft">You have begun to rewrite step {draft.location}; it is kept.</span>
        )}
        {kinds && draft.mode !== "reject" && draft.mode !== "flag" && (
          <Options label="Kind of error" options={schema.errorTypes} chosen={draft.errorType} onDigit={props.onDigit} />
        )}
      </div>
      {(flagging || draft.note !== "") && (
        <div>
          <label htmlFor={id} className="block text-soft">
            {flagging ? "What is wrong with this item?" : "Note"}
          </label>
          <textarea
            ref={note}
            id={id}
            rows={2}
            value={draft.note}
            onChange={(e) => props.onNote(e.target.value)}
            className="block w-full max-w-3xl resize-y rounded-sm border border-edge bg-raised p-2"
          />
        </div>
      )}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        {draft.mode !== "idle" && draft.mode !== "reject" && (
          <button
            type="button"
            disabled={props.off}
            onClick={props.onFinish}
            className={buttonClass("plain", "border-ink font-medium")}
          >
            Finish and go on <Key of="Ctrl Enter" className="max-sm:hidden" />
          </button>
        )}
        {draft.mode === "edit" && props.more}
        {draft.mode !== "idle" && (
          <button type="button" onClick={props.onCancel} className={buttonClass("quiet")}>
            Back <Key of="Esc" className="max-sm:hidden" />
          </button>
        )}
        <button type="button" onClick={props.onDrop} className={buttonClass("quiet")}>
          Drop the draft
        </button>
      </div>
    </div>
  );
}

function Options(props: {
  label: string;
  options: readonly LabelOption[];
  chosen: string;
  onDigit: (digit: number) => void;
}) {
  return (
    <div role="group" aria-label={props.label} className="flex flex-wrap items-center gap-x-2 gap-y-1">
      <span className="text-soft">{props.label}</span>
      {props.options.map((o) => (
        <button
          key={o.id}
          type="button"
          aria-pressed={o.id === props.chosen}
          onClick={() => props.onDigit(o.key)}
          className={cx(
            "inline-flex min-h-7 items-center gap-1.5 rounded-sm border px-2",
            o.id === props.chosen ? "border-ink font-medium" : "border-rule text-soft hover:text-ink",
          )}
        >
          <Key of={String(o.key)} />
          {o.label}
        </button>
      ))}
    </div>
  );
}
