import type { DecisionFilter } from "@weir/gateway/contracts";
import { Button } from "@mantine/core";
import { ArrowUpIcon } from "@radix-ui/react-icons";
import type { ReactElement } from "react";
import { type ListRead, useNewDecisions } from "../../api/queries/use-new-decisions.ts";

interface NewDecisionsButtonProps {
  readonly show: DecisionFilter;
  readonly since: ListRead | null;
  readonly onShow: () => void;
}

/** `3 new`: new rows wait for a click and do not push the list away under the pointer. */
export function NewDecisionsButton({ show, since, onShow }: NewDecisionsButtonProps): ReactElement {
  const { count, atLeast } = useNewDecisions(show, since);
  return (
    <output>
      {count === 0 ? null : (
        <Button leftSection={<ArrowUpIcon aria-hidden />} onClick={onShow}>
          {`${count}${atLeast ? "+" : ""} new: show`}
        </Button>
      )}
    </output>
  );
}
