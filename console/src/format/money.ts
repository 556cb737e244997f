const microPerUsd = 1_000_000;

const usd = (options: Intl.NumberFormatOptions): Intl.NumberFormat =>
  new Intl.NumberFormat("en-US", { style: "currency", currency: "USD", ...options });

const exact = usd({ minimumFractionDigits: 2, maximumFractionDigits: 6 });
const cents = usd({ minimumFractionDigits: 2, maximumFractionDigits: 2 });
const fraction = usd({ maximumSignificantDigits: 2 });
const thousands = usd({ notation: "compact", maximumSignificantDigits: 4 });

/** `$0.001234`: to the micro-dollar, as stored. */
export const formatMoneyExact = (microUsd: number): string => exact.format(microUsd / microPerUsd);

/** `$12.35`, `$0.0012`, `$12.3K`: readable at a glance, never a false zero. */
export function formatMoney(microUsd: number): string {
  const amount = microUsd / microPerUsd;
  if (amount === 0) return cents.format(0);
  if (amount < 0.0001) return "<$0.0001";
  if (amount < 0.01) return fraction.format(amount);
  return amount < 10_000 ? cents.format(amount) : thousands.format(amount);
}
