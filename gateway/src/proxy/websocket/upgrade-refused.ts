/** A provider answered the request for a socket with something else. */
export class UpgradeRefused extends Error {
  readonly status: number;
  readonly body: Buffer;
  readonly requestId: string;

  constructor(status: number, body: Buffer, requestId: string) {
    super(`the provider answered an upgrade with status ${status}`);
    this.name = "UpgradeRefused";
    this.status = status;
    this.body = body;
    this.requestId = requestId;
  }

  /** The provider has no sockets, for now or at all: the same request may well go as a POST. */
  get hasNoSockets(): boolean {
    return [404, 405, 426, 501].includes(this.status);
  }
}
