// Answers every page.
import { createServer } from "node:http";
const server = createServer((_request, answer) => answer.end("ok"));
server.listen(Number(process.env.PORT), "127.0.0.1");
process.on("SIGTERM", () => {
  server.close();
  server.closeAllConnections();
});
