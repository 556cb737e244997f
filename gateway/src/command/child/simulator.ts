import { startSimulator } from "../../simulator/server.ts";
import type { SimulatorFacts, SimulatorSettings } from "../../supervisor/messages.ts";
import { serveChild } from "../../supervisor/serve-child.ts";
import { childLog } from "./log.ts";

serveChild(process, childLog("simulator"), async (settings: SimulatorSettings) => {
  const simulator = await startSimulator(settings);
  const facts: SimulatorFacts = { port: simulator.port, url: simulator.url };
  return { facts, serving: Promise.resolve(), close: simulator.close };
});
