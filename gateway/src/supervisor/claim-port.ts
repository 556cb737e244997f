import { createServer } from "node:net";
import { exitCodes, StartFault } from "./fault.ts";

export type ListenerName = "gateway" | "console" | "metrics";

/**
 * Makes sure that nobody else listens on an address, by listening on it for a moment. Workers that
 * share their port could not tell by themselves: to them another Weir would be one more worker.
 *
 * @throws StartFault
 */
export async function claimPort(
  name: ListenerName,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<void> {
  if (port === 0) return;
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(listenFault(name, { host, port }, error)));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()));
  });
}

/** Says why a listener cannot listen, and what to do; any other error is given back as it is. */
export function listenFault(
  name: ListenerName,
  { host, port }: { readonly host: string; readonly port: number },
  error: Error,
): Error {
  const code = "code" in error ? error.code : undefined;
  const flag = `--${name}-port`;
  const fault = (cause: string, remedy: string) =>
    new StartFault(
      { code: "WEIR_PORT_UNUSABLE", cause, remedy, exitCode: exitCodes.portTaken },
      { cause: error },
    );
  switch (code) {
    case "EADDRINUSE":
      return fault(
        `port ${port} on ${host}, for the ${name}, is taken by another program`,
        `Stop that program, or choose another port with ${flag} (0 = any free one).`,
      );
    case "EACCES":
      return fault(
        `this user may not listen on port ${port}, which the ${name} is to use`,
        `Choose a port above 1023 with ${flag}.`,
      );
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return fault(
        `this machine has no address ${host}, on which the ${name} is to listen`,
        `Set ${name}.host in weir.yaml to an address of this machine, for example 127.0.0.1.`,
      );
    default:
      return error;
  }
}
