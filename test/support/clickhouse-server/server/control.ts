import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Fault } from "../fault.ts";
import type { FaultBox } from "./fault-box.ts";
import { readBody } from "./body.ts";
import type { RequestLog } from "./request-log.ts";

const MAX_CONTROL_BYTES = 65_536;

/** The second port: faults are set here and requests are told. @returns its number. */
export async function startControl(faults: FaultBox, log: RequestLog): Promise<number> {
  const answer = async (request: IncomingMessage): Promise<unknown> => {
    if (request.method === "PUT" && request.url === "/faults") {
      const body = await readBody(request, MAX_CONTROL_BYTES);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      await faults.replace(JSON.parse(body.toString("utf8")) as Fault[]);
      return {};
    }
    if (request.url === "/requests") return log.entries();
    throw new Error(`no such control: ${request.method} ${request.url}`);
  };
  const server = createServer((request, response) => {
    answer(request).then(
      (value) => response.end(JSON.stringify(value)),
      (error: unknown) => response.writeHead(400).end(String(error)),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return (server.address() as AddressInfo).port;
}
