/** A thread that never answers, and is too busy to be asked to end. */
import { parentPort } from "node:worker_threads";

parentPort?.on("message", () => {
  for (;;);
});
