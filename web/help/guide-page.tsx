import { Anchor, List } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { ApiProblem } from "../api/client.ts";
import { paths } from "../paths.ts";
import { SupportLink } from "../shell/support-link.tsx";
import { Card } from "../ui/card.tsx";
import { Page } from "../ui/page.tsx";
import { GuidePicture } from "./guide-picture.tsx";
import { guides, isGuide } from "./guides.ts";

/** One guide: what the thing is for, and how it is used, in a few steps. */
export function GuidePage() {
  const { t } = useTranslation("help");
  const { guide } = useParams();
  if (!isGuide(guide)) throw new ApiProblem("route-not-found");
  const text = `guides.${guides[guide]}` as const;
  const steps: readonly string[] = t(`${text}.steps`, { returnObjects: true });
  return (
    <Page title={t(`${text}.title`)} intro={t(`${text}.intro`)} size="md">
      <Card>
        <List type="ordered" spacing="md">
          {steps.map((step) => (
            <List.Item key={step}>{step}</List.Item>
          ))}
        </List>
      </Card>
      <GuidePicture guide={guide} alt={t(`${text}.picture`)} />
      <Anchor component={Link} to={paths.help()}>
        {t("all")}
      </Anchor>
      <SupportLink />
    </Page>
  );
}
