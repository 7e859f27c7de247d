import type { Outcome } from "./outcome-table.tsx";

/**
 * So many rows as are drawn: the busiest, but up to half of them those with most refusals. Whoever was only
 * ever refused calls seldom, and is whom one looks for.
 */
export function mostTelling<Row extends Outcome>(rows: readonly Row[], count: number): Row[] {
  const calls = ({ allowed, refused }: Row) => allowed + refused;
  const refused = rows
    .filter((row) => row.refused > 0)
    .toSorted((a, b) => b.refused - a.refused)
    .slice(0, Math.floor(count / 2));
  const busiest = rows
    .filter((row) => !refused.includes(row))
    .toSorted((a, b) => calls(b) - calls(a))
    .slice(0, count - refused.length);
  return [...busiest, ...refused].toSorted((a, b) => calls(b) - calls(a));
}
