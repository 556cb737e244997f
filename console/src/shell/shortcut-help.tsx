import { Kbd, Modal, Switch, Table } from "@mantine/core";
import type { ReactElement } from "react";
import type { Shortcuts } from "./use-shortcuts.ts";

const keys: readonly { readonly keys: readonly string[]; readonly does: string }[] = [
  { keys: ["g", "u"], does: "Go to My usage" },
  { keys: ["g", "d"], does: "Go to Decisions" },
  { keys: ["?"], does: "Show this help" },
  { keys: ["Esc"], does: "Close a dialog" },
];

interface ShortcutHelpProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly shortcuts: Shortcuts;
}

export function ShortcutHelp({ opened, onClose, shortcuts }: ShortcutHelpProps): ReactElement {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Keyboard shortcuts"
      closeButtonProps={{ "aria-label": "Close" }}
      centered
    >
      <Table>
        <Table.Tbody>
          {keys.map((each) => (
            <Table.Tr key={each.does}>
              <Table.Td w={110}>
                {each.keys.map((key, index) => (
                  <span key={key}>
                    {index > 0 ? " then " : ""}
                    <Kbd>{key}</Kbd>
                  </span>
                ))}
              </Table.Td>
              <Table.Td>{each.does}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Switch
        mt="md"
        label="Use shortcuts on this device"
        description="They never act while you type in a field."
        checked={shortcuts.enabled}
        onChange={(event) => shortcuts.setEnabled(event.currentTarget.checked)}
      />
    </Modal>
  );
}
