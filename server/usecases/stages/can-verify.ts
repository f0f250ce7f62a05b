import type { IntSettings } from "../../core/settings";

/** Verification compares with a reference solution where its template asks for one: such problems need to have one. */
export function canVerify(settings: IntSettings, problem: { reference: string }): boolean {
  return (
    problem.reference.trim() !== "" ||
    !settings.verify.template.turns.some((t) => /\{\{(numbered_)?reference\}\}/.test(t.text))
  );
}
