import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

interface Pair {
  key: string;
  value: string;
}
interface Metric {
  key: string;
  value: number;
  timestamp: number;
  step: number;
}
interface Run {
  id: string;
  experiment: string;
  name: string;
  status: string;
  tags: Pair[];
  params: Pair[];
  /** As a SQL store keeps them: the same point once. */
  metrics: Map<string, Metric>;
}
type Body = Record<string, unknown> & { run_id?: string };

/**
 * A stand-in for MLflow's tracking server (REST API 2.0: experiments get-by-name, create; runs create, search, log-batch,
 * update), with its error codes, its limits of a batch, and its refusal of what is no number. Real HTTP. `away`: it hangs up.
 */
export async function mlflowStandIn() {
  const experiments: string[] = [];
  const runs: Run[] = [];
  const requests: string[] = [];
  const switches = { away: false };
  const error = (status: number, error_code: string, message: string): [number, object] => [status, { error_code, message }];

  function answer(path: string, query: URLSearchParams, body: Body): [number, object] {
    const run = runs.find((r) => r.id === body.run_id);
    switch (path) {
      case "experiments/get-by-name": {
        const name = query.get("experiment_name") ?? "";
        const at = experiments.indexOf(name);
        if (at < 0) return error(404, "RESOURCE_DOES_NOT_EXIST", `Could not find experiment with name '${name}'`);
        return [200, { experiment: { experiment_id: String(at), name, lifecycle_stage: "active" } }];
      }
      case "experiments/create":
        if (experiments.includes(String(body.name))) return error(400, "RESOURCE_ALREADY_EXISTS", `Experiment '${String(body.name)}' already exists.`);
        return [200, { experiment_id: String(experiments.push(String(body.name)) - 1) }];
      case "runs/search": {
        const [, key, value] = /^tags\.(\w+) = '(.*)'$/.exec(String(body.filter)) ?? [];
        const found = runs.filter((r) => (body.experiment_ids as string[]).includes(r.experiment) && r.tags.some((t) => t.key === key && t.value === value));
        // Without any it sends an empty object.
        return [200, found.length > 0 ? { runs: found.map((r) => ({ info: { run_id: r.id }, data: {} })) } : {}];
      }
      case "runs/create": {
        const made: Run = { id: `run${runs.length}`, experiment: String(body.experiment_id), name: String(body.run_name), status: "RUNNING", tags: body.tags as Pair[], params: [], metrics: new Map() };
        runs.push(made);
        return [200, { run: { info: { run_id: made.id, status: "RUNNING" }, data: {} } }];
      }
    }
    if (run === undefined) return error(404, "RESOURCE_DOES_NOT_EXIST", `Run with id=${String(body.run_id)} not found`);
    if (path === "runs/update") {
      run.status = String(body.status);
      return [200, { run_info: { run_id: run.id } }];
    }
    const metrics = (body.metrics ?? []) as Metric[];
    const params = (body.params ?? []) as Pair[];
    if (metrics.length > 1000) return error(400, "INVALID_PARAMETER_VALUE", `A batch logging request can contain at most 1000 metrics. Got ${metrics.length} metrics.`);
    for (const m of metrics) {
      if (typeof m.value !== "number" || !/^[\w\-. /]+$/.test(m.key)) return error(400, "INVALID_PARAMETER_VALUE", `Invalid value for parameter 'metrics': ${JSON.stringify(m)}`);
      run.metrics.set(`${m.key} ${m.step} ${m.timestamp} ${m.value}`, m);
    }
    for (const p of params) {
      if (run.params.some((q) => q.key === p.key && q.value !== p.value)) return error(400, "INVALID_PARAMETER_VALUE", `Changing param values is not allowed. Param with key='${p.key}' was already logged.`);
      run.params.push(p);
    }
    return [200, {}];
  }

  const server = createServer(async (request, response) => {
    if (switches.away) return request.socket.destroy();
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const url = new URL(request.url ?? "", "http://localhost");
    const path = url.pathname.replace("/api/2.0/mlflow/", "");
    requests.push(path);
    const [status, body] = answer(path, url.searchParams, text === "" ? {} : (JSON.parse(text) as Body));
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    experiments,
    runs,
    requests,
    switches,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
