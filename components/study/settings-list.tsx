/** Settings as they were frozen into a run: every leaf with its path, long texts in full but folded. */
export function SettingsList({ settings }: { settings: unknown }) {
  const leaves = flatten(settings, "");
  if (leaves.length === 0) return <p className="text-faint">This run has no settings.</p>;
  return (
    <dl className="grid gap-x-6 text-sm sm:grid-cols-[minmax(10rem,auto)_1fr]">
      {leaves.map(({ path, value }) => (
        <div key={path} className="contents">
          <dt className="border-t border-rule pt-1 font-mono text-xs leading-5 text-faint sm:pb-1">{path}</dt>
          <dd className="min-w-0 pb-1 sm:border-t sm:border-rule sm:pt-1">
            {value.length > 120 ? (
              <details>
                <summary className="cursor-pointer truncate text-soft">
                  {value.slice(0, 100).replace(/\s+/g, " ")}…
                </summary>
                <pre className="mt-1 max-h-96 overflow-auto bg-sunken p-3 font-mono text-xs break-words whitespace-pre-wrap">
                  {value}
                </pre>
              </details>
            ) : (
              value
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Leaves of a JSON value in order, with dotted paths; lists of plain values are one leaf. */
export function flatten(value: unknown, path: string): { path: string; value: string }[] {
  if (Array.isArray(value)) {
    return value.every((v) => typeof v !== "object" || v === null)
      ? [{ path, value: value.join(", ") }]
      : value.flatMap((v, i) => flatten(v, `${path}[${i}]`));
  }
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([k, v]) => flatten(v, path === "" ? k : `${path}.${k}`));
  }
  return path === "" ? [] : [{ path, value: typeof value === "boolean" ? (value ? "yes" : "no") : String(value) }];
}
