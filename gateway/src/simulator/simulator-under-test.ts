import type { BilledCall } from "./ledger.ts";
import { type Simulator, type SimulatorOptions, startSimulator } from "./server.ts";

/** A simulator as tests use it: JSON in, and the newest entry of its ledger at hand. */
export class SimulatorUnderTest implements AsyncDisposable {
  readonly simulator: Simulator;

  constructor(simulator: Simulator) {
    this.simulator = simulator;
  }

  static async start(options: SimulatorOptions = {}): Promise<SimulatorUnderTest> {
    return new SimulatorUnderTest(await startSimulator(options));
  }

  async post(
    path: string,
    body: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    return fetch(this.simulator.url + path, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  }

  async postForm(path: string, fields: Readonly<Record<string, string | Blob>>): Promise<Response> {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    return fetch(this.simulator.url + path, { method: "POST", body });
  }

  async send(method: string, path: string): Promise<Response> {
    return fetch(this.simulator.url + path, { method });
  }

  lastCall(): BilledCall {
    const call = this.simulator.ledger.calls().at(-1);
    if (call === undefined) throw new Error("The ledger is empty");
    return call;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.simulator.close();
  }
}

/** The data of a stream's events, parsed, without the closing `[DONE]`. */
export function eventsIn(text: string): readonly Readonly<Record<string, unknown>>[] {
  return text.split("\n\n").flatMap((frame) => {
    const data = frame
      .split("\n")
      .filter((line) => line.startsWith("data: "))
      .map((line) => line.slice("data: ".length))
      .join("\n");
    if (data === "" || data === "[DONE]") return [];
    const event: Readonly<Record<string, unknown>> = JSON.parse(data);
    return [event];
  });
}
