/** A thread that dies at the word "die", tells its requests so far, and else counts characters. */
import { parentPort } from "node:worker_threads";
import type { CountRequest } from "../token-worker.ts";

let requests = 0;

parentPort?.on("message", ({ texts }: CountRequest) => {
  requests += 1;
  const answers = texts.map((slices) => {
    const text = slices.join("");
    if (text === "die") throw new Error("died as told");
    return text === "how many so far" ? requests : text.length;
  });
  parentPort?.postMessage(answers);
});
