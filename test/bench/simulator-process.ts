// The benchmark's upstream: Weir's simulator in a process of its own.
import { startSimulator } from "../../gateway/src/simulator/server.ts";

const simulator = await startSimulator({ ledgerCapacity: 1000 });
console.log(JSON.stringify({ url: simulator.url }));
process.once("SIGTERM", () => void simulator.close());
