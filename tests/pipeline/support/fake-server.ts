import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * A deterministic FAKE of an inference server: no model, only the wire format. What it "samples" is a function of the
 * prompt and the seed, so that counts can be checked exactly; tokens are UTF-16 code units. For faults that a real
 * engine will not show on demand; the pipeline itself is tested on the real engine (real-engine.test.ts).
 */
export interface FakeServer {
  url: string;
  port: number;
  /** Milliseconds that every completion takes. */
  delay: number;
  /** Answer something that is no JSON to completions whose prompt holds this text. */
  nonsenseFor: string | null;
  /** Context length in tokens (here: characters). */
  context: number;
  /** Completions on the wire now, and those whose client went away before the answer. */
  inFlight: number;
  aborted: number;
  /** Seeds of all samples that were asked for, with the prompt: what was sampled twice shows here. */
  asked: { prompt: string; seed: number; n: number }[];
  /** Close the port and drop every connection, as a crash does. */
  stop(): Promise<void>;
  /** Listen again on the same port. */
  start(): Promise<void>;
}

/** Wrong attempts come from seeds that 4 does not divide; a quarter is right. */
export async function startFakeServer(answers: ReadonlyMap<string, string>): Promise<FakeServer> {
  let server: Server | undefined;
  const fake: FakeServer = {
    url: "",
    port: 0,
    delay: 0,
    nonsenseFor: null,
    context: 100_000,
    inFlight: 0,
    aborted: 0,
    asked: [],
    async stop() {
      const old = server;
      server = undefined;
      if (!old) return;
      old.closeAllConnections();
      await new Promise((resolve) => old.close(resolve));
    },
    async start() {
      const fresh = createServer((request, response) => void answer(request, response));
      await new Promise<void>((resolve) => fresh.listen(fake.port, "127.0.0.1", resolve));
      server = fresh;
      fake.port = (fresh.address() as AddressInfo).port;
      fake.url = `http://127.0.0.1:${fake.port}`;
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = chunks.length ? (JSON.parse(Buffer.concat(chunks).toString()) as Body) : {};
    const send = (value: unknown) =>
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
    switch (request.url) {
      case "/health":
        return void response.writeHead(200).end();
      case "/v1/models":
        return void send({ data: [{ id: "lab", max_model_len: fake.context }] });
      case "/tokenize":
        return void send({ tokens: codes(body.messages ? render(body.messages) : String(body.prompt)) });
      case "/detokenize":
        return void send({ prompt: String.fromCharCode(...(body.tokens ?? [])) });
      case "/v1/completions":
        return completions(body, response, send);
      default:
        return void response.writeHead(404).end();
    }
  }

  async function completions(body: Body, response: ServerResponse, send: (value: unknown) => void): Promise<void> {
    const prompt = String.fromCharCode(...(body.prompt as number[]));
    fake.inFlight++;
    let open = true;
    response.once("close", () => {
      if (open) fake.aborted++;
    });
    if (fake.delay > 0) await new Promise((resolve) => setTimeout(resolve, fake.delay));
    fake.inFlight--;
    if (response.destroyed) return;
    open = false;
    const { n = 1, seed = 0 } = body;
    fake.asked.push({ prompt, seed, n });
    if (fake.nonsenseFor !== null && prompt.includes(fake.nonsenseFor)) {
      return void response.writeHead(200, { "content-type": "text/html" }).end("<html>It works!</html>");
    }
    send({
      choices: Array.from({ length: n }, (_, i) => {
        const text = sample(prompt, seed + i, answers);
        return { index: i, text, finish_reason: "stop", token_ids: codes(text).slice(0, 50) };
      }),
    });
  }

  await fake.start();
  return fake;
}

interface Body {
  prompt?: unknown;
  messages?: { role: string; content: string }[];
  tokens?: number[];
  n?: number;
  seed?: number;
}

const codes = (text: string) => Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
const render = (messages: { role: string; content: string }[]) =>
  `${messages.map((m) => `<${m.role}>${m.content}`).join("")}<assistant>`;

function sample(prompt: string, seed: number, answers: ReadonlyMap<string, string>): string {
  if (prompt.startsWith("<user>Check the attempt.")) {
    if (seed % 7 === 0) return "I cannot say.";
    if (seed % 7 === 1) return 'Substep 1: correct.\n\n<intervention>{"content": "", "location": 1}</intervention>';
    return 'Substep 1: correct.\nSubstep 2: wrong.\n\n<intervention>{"content": "FIXED step", "location": 2}</intervention>';
  }
  const [question = ""] = prompt.replace("<user>", "").split("<assistant>");
  const right = answers.get(question) ?? "?";
  // From an intervention half of the samples are right, otherwise a quarter.
  const wrong = prompt.includes("FIXED") ? seed % 2 !== 0 : seed % 4 !== 0;
  return `First step.\n\nSecond step \t with a tab and a \\backslash.\n\nSo \\boxed{${wrong ? `not ${right}` : right}}`;
}
