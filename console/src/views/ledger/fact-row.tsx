import { Table } from "@mantine/core";
import type { ReactElement, ReactNode } from "react";

/** One fact with its name. */
export function FactRow({
  name,
  children,
}: {
  readonly name: string;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <Table.Tr>
      <Table.Th scope="row" w="45%">
        {name}
      </Table.Th>
      <Table.Td>{children}</Table.Td>
    </Table.Tr>
  );
}
