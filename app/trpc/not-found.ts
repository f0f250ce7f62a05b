import { TRPCError } from "@trpc/server";

/** Whether a read on the server failed because there is no such row. */
export function isNotFound(error: unknown): boolean {
  return error instanceof TRPCError && (error.code === "NOT_FOUND" || error.code === "BAD_REQUEST");
}
