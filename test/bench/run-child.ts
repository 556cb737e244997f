import { spawn } from "node:child_process";
import type { Cleanup } from "./cleanup.ts";

/**
 * Runs a program to its end and returns its standard output.
 * @throws {Error} when it fails or takes longer than `timeoutMs`.
 */
export async function runChild(
  command: string,
  args: readonly string[],
  options: {
    readonly cleanup: Cleanup;
    readonly timeoutMs: number;
    readonly input?: string;
    readonly env?: NodeJS.ProcessEnv;
  },
): Promise<string> {
  const child = spawn(command, args, {
    stdio: ["pipe", "pipe", "inherit"],
    env: options.env ?? process.env,
    timeout: options.timeoutMs,
    killSignal: "SIGKILL",
  });
  const stop = options.cleanup.add(() => {
    child.kill("SIGKILL");
    return Promise.resolve();
  });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stdin.on("error", () => undefined).end(options.input ?? "");
  try {
    await new Promise<void>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => {
        if (code === 0) resolve();
        else reject(new Error(`${command} ended with ${code ?? signal}`));
      });
    });
  } finally {
    await stop();
  }
  return Buffer.concat(chunks).toString();
}
