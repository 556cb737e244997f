import { startShipper } from "../ship/start-shipper.ts";
import { openTestLedger } from "./test-ledger.ts";

// Run as a process of its own, to be killed: ships a root until then, in batches so small that
// the kill falls into one. Arguments: ledger directory, spool root.
const [, , directory, spoolRoot] = process.argv;
if (directory === undefined || spoolRoot === undefined) throw new Error("two arguments are needed");
const { client } = await openTestLedger(directory);
startShipper({
  spoolRoot,
  client,
  intervalMs: 1,
  batchRows: 37,
  batchBytes: 1_048_576,
  now: Date.now,
  random: () => 0,
  log: { warn: () => undefined, error: () => undefined },
  onBatch: () => process.stdout.write("batch\n"),
});
