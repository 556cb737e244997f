// Node 12 must be able to parse and run this file and check-node.mjs: everything newer is loaded
// after the version has been checked.
import { refuseOldNode } from "./check-node.mjs";

const refusal = refuseOldNode(process.versions.node);
if (refusal === "") {
  void import("./bootstrap/launch.mjs").then((module) => module.launch(process.argv.slice(2)));
} else {
  process.stderr.write(refusal + "\n");
  process.exitCode = 1;
}
