import type { QueueSource } from "@/server/core/judging/source";
import type { QueueSubject } from "@/server/core/views/judging";
import { CheckField, FieldGroup, NumberField, SelectField } from "../ui/fields";

export interface RunChoice {
  id: string;
  label: string;
}

/** From which attempts or proposals a queue takes its items. */
export function QueueSourceFields(props: {
  subject: QueueSubject;
  source: QueueSource;
  runs: readonly RunChoice[];
  /** Filters that came along from the attempts table and have no field here, in words. */
  more: string;
  onSubject: (subject: QueueSubject) => void;
  onSource: (change: Partial<QueueSource>) => void;
}) {
  const { source, subject, onSource } = props;
  const { attempts } = source;
  const filter = (change: Partial<QueueSource["attempts"]>) => onSource({ attempts: { ...attempts, ...change } });
  return (
    <FieldGroup title="Which items">
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField
          label="An item is"
          value={subject}
          options={[
            ["proposal", "a proposal: accept, reject, rewrite"],
            ["attempt", "an attempt: where is the first error"],
          ]}
          onChange={(v) => props.onSubject(v === "attempt" ? "attempt" : "proposal")}
        />
        {props.runs.length > 0 && (
          <SelectField
            label="Attempts of"
            value={attempts.run ?? ""}
            options={[["", "all runs and imports"], ...props.runs.map((r) => [r.id, r.label] as const)]}
            onChange={(v) => filter({ run: v === "" ? undefined : v })}
          />
        )}
        <SelectField
          label="Their answer"
          value={attempts.reward ?? ""}
          options={[
            ["", "any"],
            ["wrong", "wrong"],
            ["right", "right"],
            ["ungraded", "not graded"],
          ]}
          onChange={(v) => filter({ reward: v === "wrong" || v === "right" || v === "ungraded" ? v : undefined })}
        />
        <SelectField
          label="Their proposal"
          value={attempts.proposal ?? ""}
          options={[
            ["", "any"],
            ["chosen", "chosen"],
            ["kept", "kept: a continuation succeeded"],
            ["dropped", "dropped"],
            ["none", "none"],
          ]}
          onChange={(v) =>
            filter({ proposal: v === "chosen" || v === "kept" || v === "dropped" || v === "none" ? v : undefined })
          }
        />
        {subject === "proposal" && (
          <SelectField
            label="Proposals"
            value={source.proposals}
            options={[
              ["chosen", "the chosen one of each attempt"],
              ["all", "all that were made"],
            ]}
            onChange={(v) => onSource({ proposals: v === "all" ? "all" : "chosen" })}
          />
        )}
        <SelectField
          label="Verifications that could not be read"
          value={source.unparsed ?? ""}
          options={[
            ["", "whether or not there are"],
            ["some", "at least one"],
            ["all", "all of them"],
          ]}
          onChange={(v) => onSource({ unparsed: v === "some" || v === "all" ? v : undefined })}
        />
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <CheckField
          label="Where verifications disagree"
          checked={source.disagree === true}
          onChange={(on) => onSource({ disagree: on ? true : undefined })}
          hint="Samples of one model, or of several, name different first errors."
        />
        <div>
          <CheckField
            label="Where the step value drops"
            checked={source.valueDrop !== undefined}
            onChange={(on) => onSource({ valueDrop: on ? 0.3 : undefined })}
            hint="V(t) falls between two neighbouring steps, where it was measured."
          />
          {source.valueDrop !== undefined && (
            <NumberField
              label="By at least"
              value={source.valueDrop}
              min={0}
              max={1}
              step={0.05}
              onChange={(valueDrop) => onSource({ valueDrop })}
            />
          )}
        </div>
        <div>
          <CheckField
            label="A random sample"
            checked={source.sample !== undefined}
            onChange={(on) => onSource({ sample: on ? { size: 50, seed: source.seed } : undefined })}
          />
          {source.sample !== undefined && (
            <NumberField
              label="How many"
              value={source.sample.size}
              min={1}
              max={20_000}
              step={1}
              onChange={(size) => onSource({ sample: { size: Math.round(size), seed: source.seed } })}
            />
          )}
        </div>
        <NumberField
          label="Seed"
          value={source.seed}
          min={0}
          max={2_147_483_647}
          step={1}
          onChange={(n) => {
            const seed = Math.round(n);
            onSource({ seed, ...(source.sample === undefined ? {} : { sample: { ...source.sample, seed } }) });
          }}
          hint="Of the sample, the order, and where gold items stand."
        />
      </div>
      {props.more !== "" && <p className="text-sm text-soft">{props.more}</p>}
    </FieldGroup>
  );
}
