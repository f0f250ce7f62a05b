import { PERSON_COOKIE, PERSON_COOKIE_SECONDS } from "../core/people";

/** The person's token in a Cookie header; null when there is none. */
export function tokenOf(header: string | null): string | null {
  for (const part of (header ?? "").split(";")) {
    const at = part.indexOf("=");
    if (at > 0 && part.slice(0, at).trim() === PERSON_COOKIE) return part.slice(at + 1).trim() || null;
  }
  return null;
}

/** A Set-Cookie header that keeps the token (or forgets it). Lax: other sites' forms and frames do not send it. */
export function cookieFor(token: string | null, secure: boolean): string {
  const age = token === null ? 0 : PERSON_COOKIE_SECONDS;
  return `${PERSON_COOKIE}=${token ?? ""}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${age}${secure ? "; Secure" : ""}`;
}
