import type { Deps } from "@/server/usecases/deps";

/**
 * Create the lab study and start its run, if the database holds no study.
 * @returns whether it did.
 */
export async function seedLabStudy(deps: Deps): Promise<boolean> {
  if ((await deps.prisma.study.count()) > 0) return false;
  const { createLabStudy } = await import("@/server/usecases/create-lab-study");
  await createLabStudy(deps);
  return true;
}
