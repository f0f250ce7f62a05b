import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

type Json = Record<string, unknown>;

interface Operation {
  operationId: string;
  responses: Record<string, { $ref?: string; content?: Record<string, { schema: Json }> }>;
}

/**
 * Answers held against the OpenAPI document: by address and method, the schema of their status. Fields that the
 * document does not name count as wrong here, although clients are to ignore them.
 */
export class Contract {
  /** "GET /api/v1/studies" of every answer that was checked. */
  readonly seen = new Set<string>();
  private readonly ajv: Ajv2020;

  constructor(private readonly document: Json) {
    this.ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats(this.ajv);
    this.ajv.addSchema({ $id: "doc", ...(closed(document) as Json) });
  }

  operations(): { method: string; path: string; operation: Operation }[] {
    return Object.entries(this.document.paths as Record<string, Record<string, Operation>>).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
    );
  }

  /** @throws Error that says what of the answer the document does not allow. */
  check(method: string, pathname: string, status: number, contentType: string, body: unknown): void {
    const parts = pathname.split("/");
    const found = this.operations()
      .filter(({ path, method: m }) => m === method && fits(path.split("/"), parts))
      .sort((a, b) => fixed(b.path) - fixed(a.path))[0];
    if (found === undefined) {
      if (status !== 404 && status !== 405) throw new Error(`${method} ${pathname} is not in the document`);
      this.validate("#/components/schemas/Error", body, `${method} ${pathname}`);
      return;
    }
    const name = `${method} ${found.path}`;
    const said = found.operation.responses[String(status)];
    if (said === undefined) throw new Error(`${name} answered ${status}, which the document does not name: ${JSON.stringify(body)}`);
    if (status >= 400) {
      this.validate("#/components/schemas/Error", body, name);
      return;
    }
    this.seen.add(name);
    const type = contentType.split(";")[0] ?? "";
    if (said.content?.[type] === undefined) throw new Error(`${name} answered ${type}, which the document does not name`);
    if (type !== "application/json") return;
    const at = ["paths", found.path, method.toLowerCase(), "responses", String(status), "content", type, "schema"];
    this.validate(`#/${at.map((p) => encodeURIComponent(p.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/")}`, body, name);
  }

  private validate(pointer: string, body: unknown, name: string): void {
    const valid = this.ajv.compile({ $ref: `doc${pointer}` });
    if (!valid(body)) throw new Error(`${name}: ${this.ajv.errorsText(valid.errors)} in ${JSON.stringify(body).slice(0, 600)}`);
  }
}

const fits = (path: readonly string[], given: readonly string[]) =>
  path.length === given.length && path.every((part, i) => part.startsWith("{") || part === given[i]);
const fixed = (path: string) => path.split("/").filter((p) => !p.startsWith("{")).length;

/** Objects with named fields take no others. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== "object" || value === null) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([k, v]) => [k, closed(v)]));
  return inner.type === "object" && inner.properties !== undefined && inner.additionalProperties === undefined
    ? { ...inner, additionalProperties: false }
    : inner;
}
