"use client";
import { useId, useState } from "react";
import { Section } from "@/components/ui/section";

/** The study to fill: one that is there, or a new name. */
export function StudyStep(props: { study: string; studies: readonly string[]; onChange: (name: string) => void }) {
  const id = useId();
  const [text, setText] = useState(props.study);
  const name = text.trim();
  const known = props.studies.includes(name);
  return (
    <Section title="Study">
      <label htmlFor={id} className="block text-sm text-faint">
        A study that is there, or the name of a new one
      </label>
      <input
        id={id}
        value={text}
        list={`${id}-studies`}
        maxLength={200}
        autoComplete="off"
        onChange={(e) => {
          setText(e.target.value);
          props.onChange(e.target.value.trim());
        }}
        className="mt-1 h-9 w-full max-w-md rounded-sm border border-edge bg-raised px-2"
      />
      <datalist id={`${id}-studies`}>
        {props.studies.map((s) => (
          <option key={s} value={s} />
        ))}
      </datalist>
      {name !== "" && (
        <p className="mt-1 text-sm text-faint">
          {known ? "What is imported joins what is there; nothing is replaced." : "This study will be made."}
        </p>
      )}
    </Section>
  );
}
