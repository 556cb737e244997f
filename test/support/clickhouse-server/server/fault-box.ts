import type { Fault } from "../fault.ts";

/** The faults in force, and how often each may still strike. */
export class FaultBox {
  #faults: { readonly fault: Fault; left: number }[] = [];
  /** Told when the server has to stop listening, and to listen again. */
  onRefuse: (refuse: boolean) => Promise<void> = async () => undefined;

  constructor(faults: readonly Fault[]) {
    this.#set(faults);
  }

  get refuses(): boolean {
    return this.#faults.some(({ fault }) => fault.kind === "refuse");
  }

  async replace(faults: readonly Fault[]): Promise<void> {
    this.#set(faults);
    await this.onRefuse(this.refuses);
  }

  /** The first fault that strikes this statement; counts it as having struck. */
  strike(sql: string): Fault | undefined {
    const found = this.#faults.find(
      ({ fault, left }) =>
        left > 0 && (fault.match === undefined || new RegExp(fault.match, "i").test(sql)),
    );
    if (found !== undefined) found.left -= 1;
    return found?.fault;
  }

  #set(faults: readonly Fault[]): void {
    this.#faults = faults.map((fault) => ({ fault, left: fault.times ?? Number.MAX_SAFE_INTEGER }));
  }
}
