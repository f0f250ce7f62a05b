// A child that ignores SIGTERM and has a child of its own: only SIGKILL to the group ends both.
import { spawn } from "node:child_process";
process.on("SIGTERM", () => {});
spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
setInterval(() => {}, 1000);
console.log("ready");
