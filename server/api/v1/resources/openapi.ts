import { z } from "zod";
import { openApiDocument } from "../openapi";
import { type Route, route } from "../route";

/** Version of the interface, apart from the product's. */
const VERSION = "1.0.0";

/** GET /openapi.json: needs no key. The document is made once, on the first request. */
export function openApiRoute(others: readonly Route[]): Route {
  let document: Record<string, unknown> | null = null;
  const self: Route = route({
    method: "GET",
    path: "/openapi.json",
    id: "getOpenApi",
    tag: "system",
    summary: "This document",
    scope: null,
    answer: z.record(z.string(), z.unknown()),
    async handle() {
      document ??= openApiDocument([...others, self], VERSION);
      return { value: document, headers: { "cache-control": "max-age=300" } };
    },
  });
  return self;
}
