import { NumberField } from "../ui/fields";

/** How many of the problems fine-tuning leaves out. */
export function HoldOutField({ value, onChange }: { value: number; onChange: (share: number) => void }) {
  return (
    <NumberField
      label="SFT: problems held out"
      value={value}
      min={0}
      max={0.9}
      step={0.05}
      onChange={onChange}
      hint="Share of the problems, 0 to 0.9. Their rows are not trained; their loss is drawn."
    />
  );
}
