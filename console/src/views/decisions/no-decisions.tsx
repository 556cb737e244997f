import type { DecisionFilter } from "@weir/gateway/contracts";
import { Paper } from "@mantine/core";
import { CheckCircledIcon, MagnifyingGlassIcon } from "@radix-ui/react-icons";
import type { ReactElement } from "react";
import { EmptyState } from "../../parts/empty-state.tsx";
import { LinkButton } from "../../parts/link-button.tsx";

interface NoDecisionsProps {
  readonly show: DecisionFilter;
  readonly everDecided: boolean;
}

const words: Readonly<Record<DecisionFilter, { readonly title: string; readonly text: string }>> = {
  all: { title: "No decisions on record", text: "Older ones have passed their retention time." },
  denied: { title: "Nothing was denied", text: "Policy refused none of the calls on record." },
  changed: { title: "Nothing was changed", text: "Policy altered none of the calls on record." },
  allowed: {
    title: "Nothing was allowed",
    text: "Policy let none of the calls on record through.",
  },
};

/** No decision ever, or none that passes the filter. */
export function NoDecisions({ show, everDecided }: NoDecisionsProps): ReactElement {
  return (
    <Paper withBorder radius="lg" bg="var(--weir-surface)">
      {everDecided ? (
        <EmptyState
          icon={<MagnifyingGlassIcon aria-hidden width={20} height={20} />}
          title={words[show].title}
          actions={
            show === "all" ? null : (
              <LinkButton to="/decisions" search={{}}>
                Show all decisions
              </LinkButton>
            )
          }
        >
          {words[show].text}
        </EmptyState>
      ) : (
        <EmptyState
          icon={<CheckCircledIcon aria-hidden width={20} height={20} />}
          title="No decisions yet"
          actions={<LinkButton to="/usage">See how to make a call</LinkButton>}
        >
          Policy decides on every call before it leaves for a provider. What it decides on yours, by
          which rule and why, will be listed here.
        </EmptyState>
      )}
    </Paper>
  );
}
