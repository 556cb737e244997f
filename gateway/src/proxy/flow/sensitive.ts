/** What a session has seen, for rules on what it may still do; the names are those in `session.taint`. */
export const labels = ["untrusted", "secrets", "private"] as const;
export type FlowLabel = (typeof labels)[number];

const SECRET_WORD =
  /^(?:akia[0-9a-z]{16}|gh[pousr]_[0-9a-z]{30,}|github_pat_[0-9a-z_]{40,}|xox[abprs]-[0-9a-z-]{10,}|sk-[0-9a-z_-]{20,}|sk_live_[0-9a-z]{16,}|glpat-[0-9a-z_-]{16,}|weir_[0-9a-z_-]{20,}|eyj[0-9a-z_-]{10,}\.[0-9a-z_-]{10,}\.[0-9a-z_-]*|aiza[0-9a-z_-]{30,}|npm_[0-9a-z]{30,})$/;
const PRIVATE_KEY = "private key-----";
const CARD_DIGITS = /^\d{13,19}$/;
const IBAN = /^[a-z]{2}\d{2}[a-z0-9]{11,30}$/;

/** A folded word that is a credential by its form. */
export function isSecretWord(word: string): boolean {
  return word.length >= 16 && SECRET_WORD.test(word);
}

export function holdsPrivateKey(foldedText: string): boolean {
  return foldedText.includes(PRIVATE_KEY);
}

/** Numbers of bank accounts and of cards, by their check digits. */
export function isPrivateAccount(account: string): boolean {
  if (CARD_DIGITS.test(account)) return luhn(account);
  return IBAN.test(account) && ibanRemainder(account) === 1;
}

function luhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = at % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** ISO 13616: letters count as 10 to 35, the first four signs go to the end. */
function ibanRemainder(iban: string): number {
  let remainder = 0;
  for (const sign of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(sign, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder;
}
