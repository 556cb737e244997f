import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { ContentBody } from "../../contracts/content-event.ts";
import { contentShowOperation } from "../../control/ledger/operations/content-show.ts";
import {
  openSealed,
  readIdentities,
  SealedContentError,
} from "../../ledger/content/open-sealed.ts";
import { exitCodes, StartFault } from "../../supervisor/fault.ts";
import { loadFor } from "../config-options.ts";
import type { ShowContentFlags } from "../content-command.ts";
import type { Host } from "../host.ts";
import { runOperation } from "../ledger/run-operation.ts";
import { visibleLines } from "../ledger/visible-text.ts";

/** Fetches what was said in a call, and opens it here: the identity goes to no other process. */
export async function showContent(
  callId: string,
  flags: ShowContentFlags,
  host: Host,
): Promise<void> {
  const identities = await identitiesOf(resolve(host.cwd, flags.identity));
  const config = loadFor(host, flags, false);
  const request = { callId, purpose: flags.purpose };
  const { sealed, ...head } = await runOperation(
    { config, env: host.env },
    contentShowOperation,
    request,
    () => undefined,
  );
  const { request: asked, response: answered } = await openSealed(sealed, identities).catch(
    (error: unknown) => {
      if (!(error instanceof SealedContentError)) throw error;
      throw new StartFault({
        code: error.code,
        cause: "the content cannot be opened",
        remedy: error.message,
        exitCode: exitCodes.failed,
      });
    },
  );
  if (flags.json === true) {
    host.stdout.write(`${JSON.stringify({ ...head, request: asked, response: answered })}\n`);
    return;
  }
  const { personId, teamId, atMs, dialect } = head;
  host.stdout.write(
    `${new Date(atMs).toISOString()}  ${personId} (${teamId})  ${dialect}\n\n` +
      `${bodyText("request", asked)}\n${bodyText("response", answered)}`,
  );
}

function bodyText(name: string, { encoding, text, bytes, truncated }: ContentBody): string {
  const notes = [`${bytes} bytes`];
  if (truncated) notes.push("of which only the beginning was kept");
  if (encoding === "base64") notes.push("no text: as base64");
  return `--- ${name}: ${notes.join(", ")}\n${visibleLines(text)}\n`;
}

async function identitiesOf(path: string): Promise<string[]> {
  const identities = readIdentities(await readFile(path, "utf8").catch(() => ""));
  if (identities.length > 0) return identities;
  throw new StartFault({
    code: "WEIR_USAGE",
    cause: `${path} has no identity (a line AGE-SECRET-KEY-1…), or cannot be read`,
    remedy: "`weir content keygen` makes one; only that whose recipient was configured opens it.",
    exitCode: exitCodes.usage,
  });
}
