"use client";
import { Dialog } from "@base-ui/react/dialog";
import { type KeyboardEvent, useState } from "react";
import { FIXED_KEYS, KEY_ACTIONS, type KeyAction, keysOf, keysSchema } from "@/server/core/judging/keys";
import { Button, buttonClass } from "../ui/button";
import { Message } from "../ui/message";
import { Key } from "./key-hint";
import { keyWords } from "./words";

type Moved = Partial<Record<KeyAction, string>>;
const ACTIONS = Object.keys(KEY_ACTIONS) as KeyAction[];

/** The sheet of keys, in which each person may move them. */
export function KeySheet(props: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  moved: Moved;
  saving: boolean;
  error: string | null;
  onMove: (moved: Moved) => void;
}) {
  const { moved } = props;
  const [taking, setTaking] = useState<KeyAction | null>(null);
  const [refused, setRefused] = useState("");
  const keys = keysOf(moved);

  const take = (action: KeyAction) => (e: KeyboardEvent) => {
    if (taking !== action || ["Shift", "Control", "Alt", "Meta", "Tab"].includes(e.key)) return;
    e.preventDefault();
    e.stopPropagation();
    setTaking(null);
    if (e.key === "Escape") return;
    const { [action]: _, ...others } = moved;
    const next: Moved = e.key === KEY_ACTIONS[action].key ? others : { ...others, [action]: e.key };
    const checked = keysSchema.safeParse(next);
    setRefused(checked.success ? "" : (checked.error.issues[0]?.message ?? "This key cannot be used."));
    if (checked.success) props.onMove(next);
  };

  return (
    <Dialog.Root
      open={props.open}
      onOpenChange={(open) => {
        setTaking(null);
        setRefused("");
        props.onOpenChange(open);
      }}
    >
      <Dialog.Trigger className={buttonClass("quiet")}>Keys</Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-ink/25" />
        <Dialog.Popup
          // Back to what is judged: on its own button the space key would open the sheet again instead of skipping.
          finalFocus={() => document.querySelector<HTMLElement>("article h2[tabindex]") ?? true}
          className="fixed top-1/2 left-1/2 z-50 max-h-[calc(100dvh-2rem)] w-[min(48rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 overflow-y-auto rounded-sm border border-edge bg-raised p-5 shadow-lg"
        >
          <Dialog.Title className="mb-1 text-lg">Keys</Dialog.Title>
          <Dialog.Description className="mb-3 max-w-prose text-sm text-soft">
            Off while you type. To move one, press its button, then the new key. They are kept with your name.
          </Dialog.Description>
          <div className="grid gap-x-8 text-sm sm:grid-cols-2">
            <ul className="contents">
              {ACTIONS.map((action) => (
                <li key={action} className="flex min-h-9 items-center gap-3 border-b border-rule">
                  <button
                    type="button"
                    onClick={() => setTaking(taking === action ? null : action)}
                    onKeyDown={take(action)}
                    disabled={props.saving}
                    aria-label={`${KEY_ACTIONS[action].what}: ${keyWords(keys[action])}. Press to move`}
                    className="min-w-16 rounded-xs border border-edge px-1.5 text-center font-mono text-xs leading-6 hover:border-ink"
                  >
                    {taking === action ? "press a key" : keyWords(keys[action])}
                  </button>
                  {KEY_ACTIONS[action].what}
                </li>
              ))}
              {FIXED_KEYS.map(({ key, what }) => (
                <li key={key} className="flex min-h-9 items-center gap-3 border-b border-rule">
                  <Key of={key} className="min-w-16" />
                  {what}
                </li>
              ))}
            </ul>
          </div>
          <div aria-live="polite" className="mt-3">
            {(refused !== "" || props.error !== null) && <Message tone="uncertainty">{refused || props.error}</Message>}
          </div>
          <div className="mt-3 flex justify-end gap-3">
            {Object.keys(moved).length > 0 && (
              <Button tone="quiet" disabled={props.saving} onClick={() => props.onMove({})}>
                All back to where they were
              </Button>
            )}
            <Dialog.Close className={buttonClass()}>Close</Dialog.Close>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
