import { Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ChartLegend } from "./chart-legend.tsx";
import { OutcomeTable, type Outcome } from "./outcome-table.tsx";

type Props = {
  /** What the picture shows, as a sentence without an end: its name for who cannot see it. */
  of: string;
  /** What a row is: "Address". */
  head: string;
  rows: readonly Outcome[];
};

/** Allowed against refused, one bar for each row, longest first. */
export function OutcomeBars({ of, head, rows }: Props) {
  const { t, i18n } = useTranslation("charts");
  const most = Math.max(1, ...rows.map(({ allowed, refused }) => allowed + refused));
  const count = (value: number) => value.toLocaleString(i18n.language);
  return (
    <Stack component="figure" gap="sm" className="chart-figure">
      <div role="img" aria-label={t("summary", { of, ...totals(rows) })}>
        <Stack gap="xs">
          <ChartLegend />
          {rows.map((row) => (
            <div key={row.label}>
              <Group justify="space-between" gap="xs" wrap="nowrap">
                <Text size="sm" truncate>
                  {row.label}
                </Text>
                <Text size="sm" c="dimmed" style={{ whiteSpace: "nowrap" }}>
                  {t("counts", { allowed: count(row.allowed), refused: count(row.refused) })}
                </Text>
              </Group>
              <Bar row={row} most={most} />
            </div>
          ))}
        </Stack>
      </div>
      <OutcomeTable of={of} head={head} rows={rows} />
    </Stack>
  );
}

function Bar({ row: { allowed, refused }, most }: { row: Outcome; most: number }) {
  const share = (value: number) => (value === 0 ? 0 : Math.max(0.8, (value / most) * 100));
  return (
    <svg className="chart-svg" viewBox="0 0 100 10" height={10} preserveAspectRatio="none">
      <rect className="chart-track" width={100} height={10} />
      <rect className="chart-allowed" width={share(allowed)} height={10} />
      <rect className="chart-refused" x={share(allowed)} width={share(refused)} height={10} />
    </svg>
  );
}

export function totals(rows: readonly Outcome[]): { allowed: number; refused: number } {
  const sum = (of: "allowed" | "refused") => rows.reduce((before, row) => before + row[of], 0);
  return { allowed: sum("allowed"), refused: sum("refused") };
}
