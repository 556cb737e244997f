import { setPriority } from "node:os";
import { readDatabaseUrl } from "../../config/database-url.ts";
import { readClientSecret, readScimToken } from "../../config/secrets.ts";
import { startControl } from "../../control/run.ts";
import type { ControlFacts, ControlSettings } from "../../supervisor/messages.ts";
import { serveChild } from "../../supervisor/serve-child.ts";
import { childLog } from "./log.ts";

const log = childLog("control");

/** Above the normal 0: shipping rows gives way to serving calls when the machine is full. */
const NICENESS = 10;
setPriority(NICENESS);

serveChild(process, log, async ({ gatewayUrl, ...settings }: ControlSettings) => {
  const { config } = settings;
  const control = await startControl({
    ...settings,
    dataDir: config.dataDir,
    databaseUrl: readDatabaseUrl(config, process.env),
    clientSecret: readClientSecret(config, process.env),
    scimToken: readScimToken(config, process.env),
    log,
  });
  if (gatewayUrl !== null) control.setGatewayUrl(gatewayUrl);
  const { key } = await control.firstKey();
  const facts: ControlFacts = {
    port: control.port,
    consoleUrl: control.consoleUrl,
    firstKey: key,
    loginUrl: await control.loginUrl(),
  };
  return {
    facts,
    serving: Promise.resolve(),
    registry: control.metrics,
    setGatewayUrl: control.setGatewayUrl,
    close: control.close,
  };
});
