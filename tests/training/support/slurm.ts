import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Put the stand-in's commands first on PATH. @returns switches, and what puts PATH back. */
export function slurmStandIn(root: string) {
  const bin = path.join(root, "bin");
  mkdirSync(bin, { recursive: true });
  const program = path.resolve("tests/training/support/slurm-stand-in.mjs");
  for (const name of ["sbatch", "squeue", "sacct", "scontrol", "scancel"]) {
    writeFileSync(path.join(bin, name), `#!/bin/sh\nSLURM_STAND_IN='${root}' exec '${process.execPath}' '${program}' ${name} "$@"\n`);
    chmodSync(path.join(bin, name), 0o755);
  }
  // As ssh and sshd do with a command: what comes after the host is joined by blanks, and a shell over there takes it apart again.
  const ssh = [
    "#!/bin/sh",
    `[ -e '${root}/unreachable' ] && { echo "ssh: connect to host login port 22: Connection refused" >&2; exit 255; }`,
    'while [ "$1" != "--" ]; do host="$1"; shift; done; shift',
    `echo "$host" >> '${root}/ssh-hosts'`,
    'exec /bin/sh -c "$*"',
  ];
  writeFileSync(path.join(bin, "ssh"), `${ssh.join("\n")}\n`, { mode: 0o755 });
  const before = process.env.PATH;
  process.env.PATH = `${bin}${path.delimiter}${before}`;
  return {
    set: (name: "hold" | "away" | "blink" | "accounting" | "unreachable", on: boolean) =>
      on ? writeFileSync(path.join(root, name), "") : rmSync(path.join(root, name), { force: true }),
    restore() {
      process.env.PATH = before;
    },
  };
}
