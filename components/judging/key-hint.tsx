import { cx } from "../ui/cx";
import { keyWords } from "./words";

/** The key of something, beside its name. */
export function Key({ of: key, className }: { of: string; className?: string }) {
  return (
    <kbd
      className={cx(
        "inline-block h-fit min-w-5 rounded-xs border border-edge px-1 text-center font-mono text-xs leading-5 text-soft",
        className,
      )}
    >
      {keyWords(key)}
    </kbd>
  );
}
