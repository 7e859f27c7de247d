import { Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { changedMembers } from "./changed-members.ts";

/** Before and after, side by side; what stayed as it was is left out. */
export function ChangeTable({ change }: { change: unknown }) {
  const { t } = useTranslation("actionLog");
  if ((change as { tooLarge?: unknown }).tooLarge === true) return <Text>{t("tooLarge")}</Text>;
  const cell = (value: string | undefined) =>
    value === undefined ? (
      <Text span c="dimmed" size="sm">
        {t("nothing")}
      </Text>
    ) : (
      <Text span size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
        {value}
      </Text>
    );
  return (
    <Table layout="fixed" withTableBorder aria-label={t("change")}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col" w="24%">
            {t("field")}
          </Table.Th>
          <Table.Th scope="col">{t("before")}</Table.Th>
          <Table.Th scope="col">{t("after")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {changedMembers(change).map(({ path, before, after }) => (
          <Table.Tr key={path} style={{ verticalAlign: "top" }}>
            <Table.Th scope="row" style={{ overflowWrap: "anywhere" }}>
              {path}
            </Table.Th>
            <Table.Td>{cell(before)}</Table.Td>
            <Table.Td>{cell(after)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
