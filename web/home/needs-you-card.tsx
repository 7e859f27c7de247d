import { Anchor, Text } from "@mantine/core";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../paths.ts";
import { Card } from "../ui/card.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Row, RowList } from "../ui/list.tsx";
import { agoText } from "../ui/timestamp.tsx";
import type { Need } from "./needs-you.ts";

/** At most five things that wait for the person, each with the page where it is done. */
export function NeedsYou({ needs }: { needs: readonly Need[] }) {
  const { t } = useTranslation("home");
  if (needs.length === 0)
    return (
      <Card>
        <EmptyState title={t("nothing")}>{t("nothingHint")}</EmptyState>
      </Card>
    );
  return (
    <Card title={t("needsYou")}>
      <RowList label={t("needsYou")}>
        {needs.map((need, index) => (
          // Two of a kind may be about one app; their order is the list's.
          // oxlint-disable-next-line react/no-array-index-key -- see above
          <NeedRow key={index} need={need} />
        ))}
      </RowList>
    </Card>
  );
}

function NeedRow({ need }: { need: Need }) {
  const { t, i18n } = useTranslation("home");
  const { what, why, to, act } = wordsOf(need, t, i18n.language);
  return (
    <Row
      actions={
        // As wide in each row, so that on a phone it stands below the text in all of them or in none.
        <Anchor component={Link} to={to} size="sm" fw={600} miw={110} ta={{ sm: "right" }}>
          {act}
        </Anchor>
      }
    >
      <Text fw={600}>{what}</Text>
      <Text size="sm" c="dimmed">
        {why}
      </Text>
    </Row>
  );
}

type Words = { what: string; why: string; to: string; act: string };

type OwnFactor = Extract<Need, { kind: "factorReset" | "noFactor" | "fewCodes" }>;

/** About one's own second factor: all on the page where it stands. */
function factorWords(need: OwnFactor, t: TFunction<"home">, when: string): Words {
  const to = paths.twoFactor();
  switch (need.kind) {
    case "factorReset":
      return { what: t("need.reset"), why: t("need.resetWhy", { when }), to, act: t("need.look") };
    case "noFactor":
      return { what: t("need.noFactor"), why: t("need.noFactorWhy"), to, act: t("need.setUp") };
    case "fewCodes":
      return {
        what: t("need.fewCodes", { count: need.left }),
        why: t("need.fewCodesWhy"),
        to,
        act: t("need.newCodes"),
      };
  }
}

function wordsOf(need: Need, t: TFunction<"home">, language: string): Words {
  const when = "at" in need ? agoText(need.at, language) : "";
  switch (need.kind) {
    case "factorReset":
    case "noFactor":
    case "fewCodes":
      return factorWords(need, t, when);
    case "failedJobs":
      return {
        what: t("need.failedJobs", { count: need.count }),
        why: t("need.failedJobsWhy"),
        to: paths.operatorQueue(),
        act: t("need.toQueue"),
      };
    case "unconfirmedRules":
      return {
        what: t("need.rules", { app: need.app.name }),
        why: t("need.rulesWhy", { when }),
        to: paths.appWhitelist(need.app.id),
        act: t("need.confirm"),
      };
    case "endingKey":
      return {
        what: t("need.endingKey", { name: need.name, of: need.of, when }),
        why: t("need.endingKeyWhy", { app: need.app.name }),
        to: paths.key(need.app.id, need.id),
        act: t("need.rotate"),
      };
    case "unusedKey":
      return {
        what: t("need.unusedKey", { name: need.name, of: need.of }),
        why: t("need.unusedKeyWhy", { app: need.app.name, when }),
        to: paths.key(need.app.id, need.id),
        act: t("need.look"),
      };
    case "expiredInvitation":
      return {
        what: t("need.invitation", { email: need.email }),
        why: t("need.invitationWhy", { when }),
        to: paths.shared({ tab: "pending" }),
        act: t("need.again"),
      };
  }
}
