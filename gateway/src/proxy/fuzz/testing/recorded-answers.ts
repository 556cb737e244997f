/** What the simulator answers to the examples, as bytes: the answers that fuzzing starts from. */
import { startSimulator } from "../../../simulator/server.ts";
import { type Example, jsonExamples, formExamples } from "./examples.ts";

export interface Recorded {
  readonly example: Example;
  readonly contentType: string;
  readonly body: Buffer;
}

/** One answer to each example that the simulator serves. */
export async function recordAnswers(): Promise<readonly Recorded[]> {
  const simulator = await startSimulator();
  try {
    const recorded: Recorded[] = [];
    for (const example of [...jsonExamples, ...formExamples]) {
      const response = await fetch(`${simulator.url}${example.path}`, {
        method: example.method,
        headers: { "content-type": example.contentType },
        body: new Uint8Array(example.bytes ?? Buffer.alloc(0)),
      });
      const body = Buffer.from(await response.arrayBuffer());
      const contentType = response.headers.get("content-type") ?? "";
      if (response.status === 200) recorded.push({ example, contentType, body });
    }
    return recorded;
  } finally {
    await simulator.close();
  }
}
