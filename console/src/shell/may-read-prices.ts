import type { Me } from "@weir/gateway/contracts";

/** Whether to offer the view of unpriced models; whether it may be read is control's to say. */
export const mayReadPrices = ({ person }: Me): boolean =>
  person.roles.some((role) => role === "admin" || role === "finance");
