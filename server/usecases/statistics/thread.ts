import { parentPort } from "node:worker_threads";
import { perform, type Question, type Reply } from "./tasks";

const port = parentPort;
if (port) {
  const tell = (reply: Reply): void => port.postMessage(reply);
  port.on("message", ({ id, task, args }: Question) => {
    try {
      tell({ id, result: perform(task, args) });
    } catch (error) {
      tell({ id, error: error instanceof Error ? error : new Error(String(error)) });
    }
  });
  tell({ ready: true });
}
