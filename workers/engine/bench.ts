import { randomInt } from "node:crypto";
import { Command } from "commander";

/**
 * Measures a running server (this engine or any other with vLLM's wire format): tokens a second for one sample alone,
 * for many prompts at once, and for many samples of one prompt, and given tokens scored a second.
 * Usage: tsx workers/engine/bench.ts --url http://127.0.0.1:PORT
 */
interface Options {
  url: string;
  model?: string;
  concurrency: string;
  prompt: string;
  tokens: string;
}

const command = new Command("bench")
  .requiredOption("--url <url>", "the server")
  .option("--model <name>", "a served model (default: the first)")
  .option("--concurrency <samples>", "samples at once", "32")
  .option("--prompt <tokens>", "length of the prompts", "250")
  .option("--tokens <tokens>", "length of each answer", "120");

async function main() {
  const options = command.parse().opts<Options>();
  const [concurrency, promptLength, maxTokens] = [options.concurrency, options.prompt, options.tokens].map(Number) as [
    number,
    number,
    number,
  ];
  const models = (await (await fetch(`${options.url}/v1/models`)).json()) as { data: { id: string }[] };
  const model = options.model ?? models.data[0]?.id;
  const { tokens: alphabet } = await post<{ tokens: number[] }>("/tokenize", {
    model,
    prompt: "0123456789 + - = abcdefghij klm nop qrst uvw xyz.",
  });

  async function post<T>(path: string, body: unknown): Promise<T> {
    const response = await fetch(options.url + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }
  const freshPrompt = () => Array.from({ length: promptLength }, () => alphabet[randomInt(alphabet.length)] ?? 0);
  const sample = (extra: Record<string, unknown>) =>
    post<{ usage: { completion_tokens: number } }>("/v1/completions", {
      model,
      prompt: freshPrompt(),
      max_tokens: maxTokens,
      ignore_eos: true,
      temperature: 0.8,
      top_p: 1,
      top_k: 0,
      min_p: 0,
      seed: randomInt(2 ** 30),
      ...extra,
    });
  /** CPU seconds of the server so far, where it reports them: the figure that a busy machine does not change much. */
  const cpuSeconds = async () => {
    const text = await (await fetch(`${options.url}/metrics`)).text();
    return Number(/^process_cpu_seconds_total (\S+)$/m.exec(text)?.[1] ?? Number.NaN);
  };
  const measure = async (name: string, work: () => Promise<number>) => {
    const [start, startCpu] = [performance.now(), await cpuSeconds()];
    const count = await work();
    const [seconds, cpu] = [(performance.now() - start) / 1000, (await cpuSeconds()) - startCpu];
    const column = (value: number, digits = 0) => value.toFixed(digits).padStart(8);
    console.log(
      `${name.padEnd(46)}${column(count)} tokens${column(seconds, 2)} s${column(count / seconds)} tokens/s${column(count / cpu)} tokens per CPU second`,
    );
  };
  const generated = async (requests: Promise<{ usage: { completion_tokens: number } }>[]) =>
    (await Promise.all(requests)).reduce((n, { usage }) => n + usage.completion_tokens, 0);
  const times = <T>(count: number, make: () => T) => Array.from({ length: count }, make);

  await sample({});
  await measure("one sample alone", () => generated([sample({})]));
  await measure(`${concurrency} prompts at once`, () => generated(times(concurrency, () => sample({}))));
  await measure(`one prompt, n = ${concurrency}`, () => generated([sample({ n: concurrency })]));
  await measure(`one prompt, n = ${concurrency}, top_k 20, top_p 0.8`, () =>
    generated([sample({ n: concurrency, top_k: 20, top_p: 0.8 })]),
  );
  await measure("prompts read (1 new token each)", async () => {
    await Promise.all(times(concurrency, () => sample({ max_tokens: 1 })));
    return concurrency * promptLength;
  });
  await measure("given tokens scored (prompt_logprobs)", async () => {
    await Promise.all(times(concurrency, () => sample({ max_tokens: 1, prompt_logprobs: 0, temperature: 1 })));
    return concurrency * promptLength;
  });
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
