import type { Running } from "../../supervisor/running.ts";
import { isReady } from "../../supervisor/wait-ready.ts";
import { bad, type DoctorFinding, good } from "./finding.ts";

/** Asks the Weir that holds the data directory how it is. */
export async function checkRunning({
  pid,
  gateway,
  console,
  metrics,
}: Running): Promise<DoctorFinding[]> {
  const check = `running Weir`;
  if (metrics === "")
    return [bad(check, `process ${pid} is not ready yet`, "Wait, or read its log.")];
  const parts = Object.entries({ gateway, console, metrics }).filter(([, url]) => url !== "");
  return Promise.all(
    parts.map(async ([name, url]) => {
      if (await isReady(url)) return good(check, `${name} at ${url} is ready (process ${pid})`);
      return bad(check, `${name} at ${url} is not ready (process ${pid})`, "Read its log.");
    }),
  );
}
