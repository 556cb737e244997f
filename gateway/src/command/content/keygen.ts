import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { exitCodes, StartFault } from "../../supervisor/fault.ts";
import type { KeygenFlags } from "../content-command.ts";
import type { Host } from "../host.ts";

/** Makes an identity of age. It is written nowhere but where it is asked for. */
export async function keygen({ output }: KeygenFlags, host: Host): Promise<void> {
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  const file = `# recipient: ${recipient}\n${identity}\n`;
  if (output === undefined) {
    host.stdout.write(file);
    return;
  }
  const path = resolve(host.cwd, output);
  await writeFile(path, file, { mode: 0o600, flag: "wx" }).catch((cause: unknown) => {
    throw new StartFault({
      code: "WEIR_USAGE",
      cause: `${path} cannot be written, or is there already: ${String(cause)}`,
      remedy: "Name another file with --output; an identity is never overwritten.",
      exitCode: exitCodes.usage,
    });
  });
  host.stdout.write(`${recipient}\n`);
  host.stderr.write(
    `weir: the identity is in ${path}; the line above goes under ledger.content.recipients.\n`,
  );
}
