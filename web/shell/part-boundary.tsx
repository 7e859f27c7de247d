import { Button, Group, Stack, Text } from "@mantine/core";
import { Component, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useErrorText } from "../ui/error-alert.tsx";
import { PanelUpdated } from "./load-part.ts";

type Props = { onClose: () => void; children: ReactNode };

/** Around a part that is fetched in the middle of something: fails it, the page below stays as it is. */
export class PartBoundary extends Component<Props, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return <PartMissing error={error} onClose={this.props.onClose} />;
  }
}

/** Loading anew costs what was typed: it is offered, and never done unasked. */
function PartMissing({ error, onClose }: { error: Error; onClose: () => void }) {
  const { t } = useTranslation("common");
  const errorText = useErrorText();
  return (
    <Stack role="alert">
      <Text>{error instanceof PanelUpdated ? t("panelUpdated") : errorText(error)}</Text>
      <Text>{t("reloadCosts")}</Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t("stayHere")}
        </Button>
        <Button onClick={() => globalThis.location.reload()}>{t("loadAnew")}</Button>
      </Group>
    </Stack>
  );
}
