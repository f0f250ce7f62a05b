/** One import in a process of its own: DATABASE FOLDER FILE; prints how long it took and its peak memory. */
import { importFile } from "@/server/usecases/importing/import-file";
import { connectDatabase } from "@/server/store/connection";

const [url = "", folder = "", file = ""] = process.argv.slice(2);
const database = connectDatabase(url);
const began = performance.now();
const report = await importFile({ pool: database.pool, reports: folder }, { file, study: "bench" });
const seconds = (performance.now() - began) / 1000;
await database.close();
process.stdout.write(
  JSON.stringify({
    seconds,
    maxRssMb: process.resourceUsage().maxRSS / 1024,
    cpu: (process.cpuUsage().user + process.cpuUsage().system) / 1e6,
    report,
  }),
);
process.exit(0);
