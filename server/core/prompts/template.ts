/**
 * Prompt templates are versioned data: a run freezes the template's id and its texts into its settings, so that a
 * row can always be traced to the exact words the model saw. A changed text gets a new id.
 */
export interface PromptTemplate {
  /** Stable name with a version, e.g. "lab/verify@1". */
  readonly id: string;
  readonly purpose: "solve" | "solve-with-hint" | "verify" | "reflect";
  /**
   * User turns in order. The model answers each one and keeps its answers in the conversation; its answer to the
   * last turn is the result. Texts hold {{fields}} of {@link TemplateFields}.
   */
  readonly turns: readonly { readonly text: string }[];
  /** How a step is numbered in {{numbered_attempt}} and {{numbered_reference}}; "{n}" is the 1-based number. */
  readonly stepLabel: string;
  /**
   * What its answer holds: a log, a report and an <intervention> tag (server/core/verification.ts), or the number of the
   * earliest wrong step in \boxed{}, −1 for none (server/core/verifying/critique.ts). Not set: the former.
   */
  readonly reply?: "intervention" | "boxed_step" | undefined;
}

export type TemplateField =
  | "problem"
  | "answer"
  | "reference"
  | "attempt"
  | "numbered_reference"
  | "numbered_attempt"
  | "hint";
export type TemplateFields = Partial<Record<TemplateField, string>>;

/**
 * Fill the {{fields}} of one turn, in a single pass: braces inside a field's own text are never expanded again.
 * @throws Error that names the field a text asks for and the caller did not give.
 */
export function fillTemplate(text: string, fields: TemplateFields): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = fields[name as TemplateField];
    if (value === undefined) throw new Error(`prompt template needs the field "${name}"`);
    return value;
  });
}

/** Steps with their 1-based numbers before them, joined by blank lines. */
export function numberSteps(steps: readonly string[], label: string): string {
  return steps.map((s, i) => label.replace("{n}", String(i + 1)) + s).join("\n\n");
}
