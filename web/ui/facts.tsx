import type { ReactNode } from "react";
import "./facts.css";

/** Names and what they are: two columns, one on a phone. */
export function Facts({
  rows,
}: {
  rows: readonly { name: string; value: ReactNode; key?: string }[];
}) {
  return (
    <dl className="facts">
      {rows.map(({ name, value, key }) => (
        <div key={key ?? name} className="facts-row">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
