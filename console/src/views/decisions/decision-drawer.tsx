import { Drawer, Skeleton, Stack } from "@mantine/core";
import type { ReactElement } from "react";
import { useDecision } from "../../api/queries/use-decision.ts";
import { Panel } from "../../parts/panel.tsx";
import { useServices } from "../../services.ts";
import { DecisionDetails } from "./decision-details.tsx";

const skeleton = (
  <Stack>
    <Skeleton h={24} w={110} />
    <Skeleton h={48} />
    <Skeleton h={96} />
    <Skeleton h={240} />
  </Stack>
);

function DrawerBody({ id }: { readonly id: string }): ReactElement {
  const decision = useDecision(id);
  const { ownTimeZone } = useServices();
  return (
    <Panel query={decision} skeleton={skeleton}>
      {(item) => <DecisionDetails item={item} timeZone={ownTimeZone} />}
    </Panel>
  );
}

interface DecisionDrawerProps {
  /** From the address; undefined while nothing is open. */
  readonly id: string | undefined;
  readonly onClose: () => void;
}

export function DecisionDrawer({ id, onClose }: DecisionDrawerProps): ReactElement {
  return (
    <Drawer
      opened={id !== undefined}
      onClose={onClose}
      position="right"
      size={480}
      title={<b>Decision</b>}
      closeButtonProps={{ "aria-label": "Close details" }}
    >
      {id === undefined ? null : <DrawerBody id={id} />}
    </Drawer>
  );
}
