import { Table } from "@mantine/core";
import { useTranslation } from "react-i18next";

export type Outcome = { label: string; allowed: number; refused: number };

/** The same figures as a picture's, for whoever reads rather than looks. */
export function OutcomeTable({
  of,
  head,
  rows,
}: {
  of: string;
  head: string;
  rows: readonly Outcome[];
}) {
  const { t, i18n } = useTranslation("charts");
  const count = (value: number) => value.toLocaleString(i18n.language);
  return (
    <details className="chart-details">
      <summary>{t("asTable")}</summary>
      <Table.ScrollContainer minWidth={260}>
        <Table aria-label={of} striped withRowBorders={false} verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{head}</Table.Th>
              <Table.Th scope="col" ta="right">
                {t("allowed")}
              </Table.Th>
              <Table.Th scope="col" ta="right">
                {t("refused")}
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ label, allowed, refused }) => (
              <Table.Tr key={label}>
                <Table.Td>{label}</Table.Td>
                <Table.Td ta="right">{count(allowed)}</Table.Td>
                <Table.Td ta="right">{count(refused)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </details>
  );
}
