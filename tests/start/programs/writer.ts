// Writes a row every 50 ms, through restarts of the database.
import { setTimeout as sleep } from "node:timers/promises";
import { createPool, isDatabaseAway } from "@/server/store/connection";

const pool = createPool(process.env.DATABASE_URL ?? "", { max: 2, name: "writer" });
let stopped = false;
process.on("SIGTERM", () => {
  stopped = true;
});
while (!stopped) {
  try {
    await pool.query("CREATE TABLE IF NOT EXISTS beats (n serial, pid int)");
    await pool.query("INSERT INTO beats (pid) VALUES ($1)", [process.pid]);
  } catch (error) {
    if (!isDatabaseAway(error)) throw error;
  }
  await sleep(50);
}
await pool.end();
