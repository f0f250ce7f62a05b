"use client";
import { Toggle } from "@base-ui/react/toggle";
import { KeysDialog } from "@/components/attempt/keys-dialog";
import { SearchBar } from "@/components/attempt/search-bar";
import { VerificationPicker } from "@/components/attempt/verification-picker";
import { Button } from "@/components/ui/button";
import type { AttemptView } from "@/server/core/views/attempt";
import type { PanelEntry } from "./panel-props";
import type { Reader } from "./use-reader";

const TOGGLE =
  "min-h-7 rounded-sm border border-transparent px-2 text-sm whitespace-nowrap text-soft hover:text-ink data-pressed:border-edge data-pressed:bg-raised data-pressed:text-ink";

/** What of the attempt is shown: the verification sample, changed words, raw text, thinking; search and keys. */
export function Toolbar(props: {
  attempt: AttemptView;
  reader: Reader;
  windowed: boolean;
  panels: readonly PanelEntry[];
}) {
  const { attempt, reader, windowed } = props;
  const { place, look, set, search } = reader;
  const v = look.verification;
  return (
    <>
      <div data-sticks className="top-11 z-20 mt-3 mb-2 border-y border-rule bg-paper py-1.5 md:sticky">
        <div className="flex flex-wrap items-center gap-x-6 gap-y-1">
          <div className="flex flex-wrap items-center gap-x-2">
            <h2 className="font-sans text-sm font-medium">Verification</h2>
            {attempt.verifications.length === 0 ? (
              <span className="text-sm text-faint">
                {attempt.reward === 1 ? "not needed: the answer is right" : "none"}
              </span>
            ) : (
              <VerificationPicker
                verifications={attempt.verifications}
                proposals={attempt.proposals}
                chosen={v}
                onPick={(verification) => set({ verification })}
              />
            )}
          </div>
          <div className="ms-auto flex flex-wrap items-center gap-x-1">
            {look.thoughts.length > 0 && (
              <Toggle
                pressed={place.thinking}
                onPressedChange={(thinking) => set({ thinking })}
                className={TOGGLE}
                title="Key z"
              >
                Thinking
              </Toggle>
            )}
            {look.proposal !== null && (
              <Toggle pressed={place.diff} onPressedChange={(diff) => set({ diff })} className={TOGGLE} title="Key d">
                Changes
              </Toggle>
            )}
            <Toggle pressed={place.raw} onPressedChange={(raw) => set({ raw })} className={TOGGLE} title="Key r">
              Raw text
            </Toggle>
            {!search.open && (
              <Button tone="quiet" className="ms-2" onClick={search.ask} title="Key /">
                Search
              </Button>
            )}
            <span className="ms-2 max-md:hidden">
              <KeysDialog
                open={reader.keysOpen}
                onOpenChange={reader.setKeysOpen}
                more={props.panels.filter((p) => p.has?.(attempt) !== false).map((p) => [p.key, p.title.toLowerCase()])}
              />
            </span>
          </div>
        </div>
        {search.open && (
          <div className="mt-1 border-t border-rule pt-1.5">
            <SearchBar
              query={place.query}
              onQuery={search.setQuery}
              hits={search.hits.length}
              steps={search.byStep.size}
              at={search.at}
              asked={search.asked}
              onMove={search.move}
              onClose={search.close}
              windowed={windowed}
            />
          </div>
        )}
      </div>
      {v !== null && v.parseNote !== "" && (
        <p className="mb-2 text-sm text-uncertainty">How this sample was read: {v.parseNote}</p>
      )}
      {v !== null && v.verdicts.length === 0 && (
        <p className="mb-2 text-sm text-faint">
          This sample’s log could not be taken apart step by step; the panel “Log” shows it as it is.
        </p>
      )}
    </>
  );
}
