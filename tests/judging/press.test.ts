import { describe, expect, it } from "vitest";
import { draftOf, NO_DRAFT } from "@/components/judging/draft";
import { cancel, type Facts, finish, press, pressDigit } from "@/components/judging/press";
import { saidAt } from "@/components/judging/replay";
import { DEFAULT_LABELS } from "@/server/core/judging/labels";
import type { ItemHistory } from "@/server/core/views/judging";

const facts: Facts = {
  schema: DEFAULT_LABELS,
  steps: ["one", "two", "three"],
  proposal: { content: "two, right", location: 2 },
  current: null,
};
const at = (current: number): Facts => ({ ...facts, current });
const draft = (pressed: ReturnType<typeof press>) => {
  if (pressed.kind !== "draft") throw new Error(`not a draft: ${JSON.stringify(pressed)}`);
  return pressed.draft;
};

describe("what keys say", () => {
  it("one key accepts, a reason's digit rejects", () => {
    expect(press(NO_DRAFT, "accept", facts)).toMatchObject({ kind: "decide", decision: { action: "accept" } });
    const rejecting = draft(press(NO_DRAFT, "reject", facts));
    expect(pressDigit(rejecting, 3, facts)).toMatchObject({ kind: "decide", decision: { action: "reject", reason: "leaks" } });
    expect(pressDigit(rejecting, 9, facts)).toMatchObject({ kind: "say" });
    expect(finish(rejecting, facts)).toMatchObject({ kind: "say" });
  });

  it("a rejection may say where the error is instead", () => {
    const moved = draft(press(draft(press(NO_DRAFT, "reject", facts)), "locate", at(3)));
    expect(pressDigit(moved, 1, facts)).toMatchObject({ decision: { action: "reject", firstError: 3 } });
  });

  it("the first error is moved to the step in view, and the same key finishes it", () => {
    expect(press(NO_DRAFT, "locate", facts)).toMatchObject({ kind: "say" });
    const moved = draft(press(NO_DRAFT, "locate", at(1)));
    expect(press(moved, "locate", at(1))).toMatchObject({ decision: { action: "locate", firstError: 1 } });
    expect(press(moved, "locate", at(3))).toMatchObject({ kind: "draft", draft: { firstError: 3 } });
  });

  it("rewriting begins with the proposal, or with the step to which the error was moved", () => {
    expect(draft(press(NO_DRAFT, "edit", facts))).toMatchObject({ content: "two, right", location: 2 });
    expect(draft(press(draft(press(NO_DRAFT, "locate", at(3))), "edit", facts))).toMatchObject({ content: "three", location: 3 });
    const same = draft(press(NO_DRAFT, "edit", facts));
    expect(finish(same, facts)).toMatchObject({ kind: "say" }); // nothing was rewritten
    expect(finish({ ...same, content: "better" }, facts)).toMatchObject({ decision: { action: "edit", content: "better", location: 2 } });
  });

  it("does not throw a written text away", () => {
    const written = { ...draft(press(NO_DRAFT, "edit", facts)), content: "better" };
    expect(press(written, "accept", facts)).toMatchObject({ kind: "say" });
    expect(press(cancel(written), "no_error", facts)).toMatchObject({ kind: "say" });
    expect(draft(press(cancel(written), "edit", facts)).content).toBe("better");
  });

  it("says why without a proposal, and what a queue does not ask for", () => {
    const bare: Facts = { ...facts, proposal: null, schema: { ...DEFAULT_LABELS, actions: ["locate"] } };
    expect(press(NO_DRAFT, "accept", bare)).toMatchObject({ kind: "say", words: "This queue does not ask for that." });
    expect(press(NO_DRAFT, "accept", { ...facts, proposal: null })).toMatchObject({ kind: "say" });
    expect(press({ ...NO_DRAFT, mode: "flag" }, "flag", facts)).toMatchObject({ kind: "draft" });
    expect(finish({ ...NO_DRAFT, mode: "flag" }, facts)).toMatchObject({ kind: "say" });
  });
});

describe("a draft that was kept", () => {
  it("comes back whole, also as the decision that was taken back, and without what makes no sense", () => {
    const d = { ...NO_DRAFT, mode: "edit" as const, location: 2, firstError: 2, content: "x" };
    expect(draftOf(structuredClone(d), 3)).toEqual(d);
    expect(draftOf({ action: "edit", content: "x", location: 2, firstError: 2, errorType: "", note: "", reason: "" }, 3)).toEqual(d);
    expect(draftOf({ action: "accept", firstError: 2 }, 3)).toEqual(NO_DRAFT);
    expect(draftOf({ ...d, location: 9 }, 3).mode).toBe("idle");
    expect(draftOf(null, 3)).toEqual(NO_DRAFT);
  });
});

describe("the replay of a history", () => {
  it("leaves out what was taken back by then", () => {
    const decision = (id: string, name: string, firstError: number | null, undoesId: string | null = null) =>
      ({ kind: "decision", undone: false, decision: { id, undoesId, action: undoesId ? "undo" : "locate", firstError, person: { id: name, name } } }) as unknown as ItemHistory["events"][number];
    const events = [decision("1", "Ada", 2), decision("2", "Bo", 2), decision("3", "Ada", null, "1"), decision("4", "Ada", 3)];
    expect([...saidAt(events, 2)]).toEqual([[2, ["Ada", "Bo"]]]);
    expect([...saidAt(events, 3)]).toEqual([[2, ["Bo"]]]);
    expect([...saidAt(events, 4)]).toEqual([[2, ["Bo"]], [3, ["Ada"]]]);
  });
});
