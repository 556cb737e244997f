import { Table } from "@mantine/core";
import type { ReactElement } from "react";
import type { ModelRow, ModelTable } from "../../charts/prepare/models.ts";
import { Card } from "../../parts/card.tsx";
import classes from "./models-card.module.css";

function Row({ row }: { readonly row: ModelRow }): ReactElement {
  return (
    <Table.Tr>
      <Table.Th scope="row" className={classes["model"] ?? ""}>
        {row.model}
        <span className={classes["provider"]}>{row.provider}</span>
      </Table.Th>
      <Table.Td>
        <div className={classes["share"]}>
          <span className={classes["track"]} aria-hidden>
            {row.share === null ? null : (
              <span
                className={classes["fill"]}
                style={{ width: `${(row.share * 100).toFixed(2)}%` }}
              />
            )}
          </span>
          <span className={classes["percent"]}>{row.shareText}</span>
        </div>
      </Table.Td>
      <Table.Td ta="right" title={row.spendExact}>
        {row.spend}
      </Table.Td>
      <Table.Td ta="right" title={row.tokensExact}>
        {row.tokens}
      </Table.Td>
      <Table.Td ta="right">{row.requests}</Table.Td>
    </Table.Tr>
  );
}

/** Models, dearest first: bars and figures in one table. */
export function ModelsCard({ models }: { readonly models: ModelTable }): ReactElement {
  const order = models.shareOf === "spend" ? "Dearest first" : "No spend known: share of tokens";
  return (
    <Card
      title="By model"
      description={models.shown === "" ? order : `${order} · ${models.shown}, the rest in Others`}
    >
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls (WCAG 2.1.1) */}
      <section className={classes["scroll"]} aria-label="Usage by model" tabIndex={0}>
        <Table verticalSpacing={8} className={classes["table"] ?? ""}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Model</Table.Th>
              <Table.Th scope="col">Share of {models.shareOf}</Table.Th>
              <Table.Th scope="col" ta="right">
                Spend (USD)
              </Table.Th>
              <Table.Th scope="col" ta="right">
                Tokens
              </Table.Th>
              <Table.Th scope="col" ta="right">
                Requests
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {models.rows.map((row) => (
              <Row key={row.key} row={row} />
            ))}
          </Table.Tbody>
        </Table>
      </section>
    </Card>
  );
}
