/** A failure whose message is one line of cause and remedy; anything else is a defect. */
export class BootstrapFault extends Error {
  constructor(message, options) {
    super(message, options);
    this.name = "BootstrapFault";
  }
}

/** Standard output belongs to the program that is started: the bootstrap speaks on standard error. */
export function say(line) {
  process.stderr.write(`weir: ${line}\n`);
}
