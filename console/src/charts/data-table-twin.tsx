import { Table } from "@mantine/core";
import type { ReactElement } from "react";
import type { TableTwin } from "./chart-data.ts";
import classes from "./data-table-twin.module.css";

/** A chart's figures as a table, in full. */
export function DataTableTwin({ table }: { readonly table: TableTwin }): ReactElement {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls (WCAG 2.1.1)
    <section className={classes["scroll"]} aria-label={table.caption} tabIndex={0}>
      <Table
        stickyHeader
        highlightOnHover
        verticalSpacing={6}
        fz={13}
        className={classes["table"] ?? ""}
      >
        <Table.Caption className={classes["caption"] ?? ""}>{table.caption}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            {table.columns.map((column, index) => (
              <Table.Th key={column} scope="col" ta={index === 0 ? "left" : "right"}>
                {column}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {table.rows.map((row) => (
            <Table.Tr key={row.key}>
              {row.cells.map((cell, index) =>
                index === 0 ? (
                  <Table.Th key={table.columns[index]} scope="row" fw={500}>
                    {cell}
                  </Table.Th>
                ) : (
                  <Table.Td key={table.columns[index]} ta="right">
                    {cell}
                  </Table.Td>
                ),
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
