import { TRPCError } from "@trpc/server";

/** Whether a read on the server failed because there is no such row. */
export function isNotFound(error: unknown): boolean {
  return error instanceof TRPCError && (error.code === "NOT_FOUND" || error.code === "BAD_REQUEST");
}

/** Why a read on the server was closed to this person (an attempt that they are to judge blind); null for other failures. */
export function whyClosed(error: unknown): string | null {
  return error instanceof TRPCError && error.code === "FORBIDDEN" ? error.message : null;
}
