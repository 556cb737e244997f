// Node 12 must be able to parse and run this file, as scripts/weir.mjs.
import { refuseOldNode } from "./check-node.mjs";

const refusal = refuseOldNode(process.versions.node);
if (refusal === "") {
  void import("./test/run-tests.mjs").then((module) => module.runTests(process.argv.slice(2)));
} else {
  process.stderr.write(refusal + "\n");
  process.exitCode = 1;
}
