import { single, type SearchParams } from "@/app/search-params";
import { ATTEMPT_CHOICES, type PublishRequest, publishRequestSchema } from "@/server/core/publishing/request";

/** The form in an address; what makes no sense is left out rather than refused. */
export function publishFormOf(search: SearchParams | URLSearchParams): PublishRequest {
  const given = (name: string) => (search instanceof URLSearchParams ? (search.get(name) ?? "") : (single(search[name]) ?? ""));
  const whole = (text: string) => (/^\d{1,7}$/.test(text) ? Number(text) : null);
  const number = whole(given("attempts"));
  const decisions = given("decisions") === "1";
  const anonymous = given("anonymous") === "1";
  return publishRequestSchema.parse({
    attempts: ATTEMPT_CHOICES.find((c) => c === given("attempts")) ?? (number === null || number < 1 ? "all" : number),
    seed: whole(given("seed")) ?? 0,
    anonymous,
    decisions,
    names: decisions && !anonymous && given("names") === "1",
  });
}

/** The form as search parameters; defaults are left out. */
export function publishSearch(form: PublishRequest): URLSearchParams {
  const search = new URLSearchParams();
  if (form.attempts !== "all") search.set("attempts", String(form.attempts));
  if (typeof form.attempts === "number" && form.seed !== 0) search.set("seed", String(form.seed));
  for (const name of ["anonymous", "decisions", "names"] as const) if (form[name]) search.set(name, "1");
  return search;
}
