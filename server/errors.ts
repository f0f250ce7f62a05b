/**
 * The one error class for what people are told. `message` is a full sentence for a person: what happened, to which
 * row, what to do. `cause` keeps the original. Anything else that is thrown is a bug.
 */
export class InterveneError extends Error {
  override readonly name = "InterveneError";
  constructor(
    /** What kind of failure it is; maps to HTTP statuses, tRPC codes and exit statuses in one place each. */
    readonly kind: ErrorKind,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

export type ErrorKind =
  | "bad_input" // the caller's values are wrong: exit 2, HTTP 400
  | "not_found" // no such row: exit 2, HTTP 404
  | "conflict" // somebody else was first, or the state does not allow it: exit 2, HTTP 409
  | "unavailable" // a backend is down, slow or full; worth trying again: exit 1, HTTP 503
  | "backend" // a backend answered something that cannot be used; not worth repeating: exit 1, HTTP 502
  | "cannot_start"; // environment, data folder, port: exit 2

/** A sentence for a person from anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
