import type { Config } from "../../config/schema.ts";
import { claimPort } from "../../supervisor/claim-port.ts";
import { StartFault } from "../../supervisor/fault.ts";
import { bad, type DoctorFinding, good } from "./finding.ts";

/** Whether each listener could listen now. */
export function checkPorts(
  config: Pick<Config, "gateway" | "console" | "metrics">,
): Promise<DoctorFinding[]> {
  const names = ["gateway", "console", "metrics"] as const;
  return Promise.all(
    names.map(async (name) => {
      const { host, port } = config[name];
      try {
        await claimPort(name, config[name]);
        return good(`${name} port`, port === 0 ? "any free one" : `${host}:${port} is free`);
      } catch (error) {
        if (!(error instanceof StartFault)) throw error;
        return bad(`${name} port`, error.message, error.remedy);
      }
    }),
  );
}
