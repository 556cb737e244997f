import { useRouter } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { CopyAction } from "../../parts/copy-action.tsx";
import type { DayRange } from "../../url/range.ts";

interface CopyUsageLinkProps {
  readonly range: DayRange;
  readonly timeZone: string;
}

/** Copies an address with fixed days and zone: it shows the same tomorrow and elsewhere. */
export function CopyUsageLink({ range, timeZone }: CopyUsageLinkProps): ReactElement {
  const router = useRouter();
  const { href } = router.buildLocation({
    to: "/usage",
    search: { range: "custom", from: range.from, to: range.to, tz: timeZone },
  });
  return (
    <CopyAction
      value={new URL(href, globalThis.location.origin).href}
      label="Copy link"
      size="xs"
    />
  );
}
