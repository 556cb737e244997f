import { delimiter, join } from "node:path";
import { root } from "../bootstrap/paths.mjs";
import { runProcess } from "../bootstrap/run-process.mjs";

const bin = join(root, "node_modules", ".bin");

/** Runs a tool of the workspace on the workspace's Node. @returns its exit code. */
export function runTool(name, args) {
  return runProcess(join(bin, name), args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, PATH: [bin, process.env.PATH].join(delimiter) },
  });
}
