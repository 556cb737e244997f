import type { LetterSelection } from "../../../ledger/dead-letters/letter-selection.ts";
import { isSpoolId } from "../../../ledger/spool/spool-id.ts";
import { ControlError } from "../../errors.ts";

/** The name becomes that of a file. @throws ControlError WEIR_INVALID_REQUEST */
export function assertSpool(name: string): void {
  if (isSpoolId(name)) return;
  throw new ControlError("WEIR_INVALID_REQUEST", "That is not the name of a spool.");
}

/** @throws ControlError WEIR_INVALID_REQUEST */
export function assertSelection({ spool, sequences }: LetterSelection): void {
  if (spool !== "") assertSpool(spool);
  else if (sequences.length > 0)
    throw new ControlError(
      "WEIR_INVALID_REQUEST",
      "Each spool counts its own sequences: name the spool that these are of.",
    );
}
