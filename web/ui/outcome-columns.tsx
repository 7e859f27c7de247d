import { Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ChartLegend } from "./chart-legend.tsx";
import { totals } from "./outcome-bars.tsx";
import { OutcomeTable, type Outcome } from "./outcome-table.tsx";

type Props = {
  /** What the picture shows, as a sentence without an end. */
  of: string;
  /** What a column is: "Day". */
  head: string;
  rows: readonly Outcome[];
};

/** Pixels. */
const HEIGHT = 120;
export const STRIP_HEIGHT = 48;
const STEP = 24;
const WIDTH = 16;

/** Allowed against refused over time, one column for each row, in their order. */
export function OutcomeColumns({ of, head, rows }: Props) {
  const { t, i18n } = useTranslation("charts");
  const tallest = Math.max(0, ...rows.map(({ allowed, refused }) => allowed + refused));
  if (tallest === 0) return <Text c="dimmed">{t("nothing")}</Text>;
  return (
    <Stack component="figure" gap="sm" className="chart-figure">
      <Group justify="space-between" gap="xs">
        <ChartLegend />
        <Text size="sm" c="dimmed" aria-hidden>
          {t("most", { formatted: tallest.toLocaleString(i18n.language) })}
        </Text>
      </Group>
      <Columns of={of} rows={rows} height={HEIGHT} />
      <Group justify="space-between" aria-hidden>
        <Text size="sm" c="dimmed">
          {rows[0]?.label}
        </Text>
        <Text size="sm" c="dimmed">
          {rows.length > 1 && rows.at(-1)?.label}
        </Text>
      </Group>
      <OutcomeTable of={of} head={head} rows={rows} />
    </Stack>
  );
}

/** The same at a glance: low, with neither legend nor table; what stands beside it says the sums. */
export function OutcomeStrip({ of, rows }: Omit<Props, "head">) {
  return <Columns of={of} rows={rows} height={STRIP_HEIGHT} />;
}

function Columns({ of, rows, height }: Omit<Props, "head"> & { height: number }) {
  const { t } = useTranslation("charts");
  const tallest = Math.max(1, ...rows.map(({ allowed, refused }) => allowed + refused));
  return (
    <svg
      className="chart-svg"
      viewBox={`0 0 ${Math.max(1, rows.length) * STEP} ${height}`}
      height={height}
      preserveAspectRatio="none"
      role="img"
      aria-label={t("summary", { of, ...totals(rows) })}
    >
      <rect className="chart-track" y={height - 1} width={rows.length * STEP} height={1} />
      {rows.map((row, index) => (
        <Column
          key={row.label}
          row={row}
          x={index * STEP + (STEP - WIDTH) / 2}
          most={tallest}
          height={height}
        />
      ))}
    </svg>
  );
}

type ColumnProps = { row: Outcome; x: number; most: number; height: number };

function Column({ row, x, most, height }: ColumnProps) {
  const { label, allowed, refused } = row;
  const tall = (value: number) => (value === 0 ? 0 : Math.max(2, (value / most) * (height - 4)));
  const top = height - tall(allowed);
  return (
    <g>
      <title>{`${label}: ${allowed} / ${refused}`}</title>
      <rect className="chart-allowed" x={x} y={top} width={WIDTH} height={tall(allowed)} />
      <rect
        className="chart-refused"
        x={x}
        y={top - tall(refused)}
        width={WIDTH}
        height={tall(refused)}
      />
    </g>
  );
}
