import { Alert, List } from "@mantine/core";
import { Component, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "../../api/client.ts";

type Props = { children: ReactNode };

/**
 * Keeps the filters in place when what is typed in one of them cannot be read: half an address is no
 * reason to lose the page. Anything else is the page's to show. Give it the query as its key.
 */
export class EntriesBoundary extends Component<Props, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    if (error instanceof ApiProblem && error.code === "invalid-request")
      return <Unreadable problem={error} />;
    throw error;
  }
}

function Unreadable({ problem }: { problem: ApiProblem }) {
  const { t } = useTranslation("actionLog");
  return (
    <Alert color="orange" role="alert" title={t("filterUnreadable")}>
      <List>
        {problem.errors.map(({ pointer, detail }) => (
          <List.Item key={pointer}>{detail}</List.Item>
        ))}
      </List>
    </Alert>
  );
}
