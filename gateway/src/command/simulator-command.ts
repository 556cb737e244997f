import { type Command, InvalidArgumentError } from "commander";
import type { Host } from "./host.ts";

interface Flags {
  readonly host: string;
  readonly port: number;
}

export function addSimulatorCommand(program: Command, host: Host): void {
  program
    .command("simulator")
    .description("Run the built-in upstream alone: OpenAI's and Anthropic's wire formats, no model")
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--port <port>", "port, 0 = any free one", parsePort, 0)
    .addHelpText(
      "after",
      `
Prints its address as a line of JSON. Model names say how it behaves, for example sim-echo,
sim-tools, sim-slow-250, sim-error-429. What it billed: GET /simulator/billed.

Example:
  weir simulator --port 9000`,
    )
    .action((flags: Flags) => run(flags, host));
}

async function run(flags: Flags, host: Host): Promise<void> {
  const { startSimulator } = await import("../simulator/server.ts");
  const simulator = await startSimulator(flags);
  const { url } = simulator;
  host.stdout.write(`${JSON.stringify({ event: "ready", simulator: url })}\n`);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "disconnect"]) {
      process.once(signal, () => resolve());
    }
  });
  await simulator.close();
}

export function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("It must be a whole number from 0 to 65535.");
}
