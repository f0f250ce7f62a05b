import type { Contract } from "./contract";

export interface Answer<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: T;
  text: string;
}

export interface Options {
  method?: string;
  /** A JSON body; a string goes as it is. */
  json?: unknown;
  headers?: Record<string, string>;
  /** null: none. */
  key?: string | null;
}

/** Calls the API and holds each answer against its document. */
export class Client {
  contract: Contract | null = null;

  constructor(
    /** http://…/api/v1 */
    readonly url: string,
    private readonly key: string,
  ) {}

  async call<T = Record<string, unknown>>(path: string, o: Options = {}): Promise<Answer<T>> {
    const key = o.key === undefined ? this.key : o.key;
    const method = o.method ?? (o.json === undefined ? "GET" : "POST");
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(o.json === undefined ? {} : { "content-type": "application/json" }),
        ...o.headers,
      },
      ...(o.json === undefined ? {} : { body: typeof o.json === "string" ? o.json : JSON.stringify(o.json) }),
    });
    const text = await response.text();
    const type = response.headers.get("content-type") ?? "";
    const body: unknown = type.includes("json") && !type.includes("ndjson") && text !== "" ? JSON.parse(text) : null;
    if (method === "GET" || method === "POST") {
      this.contract?.check(method, new URL(response.url).pathname, response.status, type, body);
    }
    return { status: response.status, headers: response.headers, body: body as T, text };
  }
}
