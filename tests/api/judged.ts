import { randomUUID } from "node:crypto";
import { createContextInner } from "@/server/api/context";
import { createCaller } from "@/server/api/root";
import type { Deps } from "@/server/usecases/deps";
import { takeName } from "@/server/usecases/people";

/** A queue of a study's chosen proposals, judged by one person: accept and reject in turn. @returns how many were accepted. */
export async function judgeProposals(deps: Deps, study: string): Promise<number> {
  const judge = createCaller(createContextInner(deps, { token: (await takeName(deps, "Ada")).token }));
  const { id: queue } = await judge.queues.create({ study, name: "all proposals", subject: "proposal" });
  let accepted = 0;
  for (let i = 0; ; i++) {
    const { item } = await judge.queues.next({ queue });
    if (item === null) return accepted;
    const decision = { item: item.id, clientKey: randomUUID(), seconds: 3, next: false };
    if (i % 2 === 0) {
      await judge.queues.decide({ ...decision, action: "accept" });
      accepted += 1;
    } else await judge.queues.decide({ ...decision, action: "reject", reason: "leaks" });
  }
}
