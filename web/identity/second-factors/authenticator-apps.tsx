import { Anchor, List, Text, VisuallyHidden } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** Links, not requests: nothing is fetched from a store until somebody goes there. */
const APPS = [
  {
    name: "Google Authenticator",
    iphone: "https://apps.apple.com/app/google-authenticator/id388497605",
    android: "https://play.google.com/store/apps/details?id=com.google.android.apps.authenticator2",
  },
  {
    name: "Microsoft Authenticator",
    iphone: "https://apps.apple.com/app/microsoft-authenticator/id983156458",
    android: "https://play.google.com/store/apps/details?id=com.azure.authenticator",
  },
  {
    name: "2FAS",
    iphone: "https://apps.apple.com/app/2fa-authenticator-2fas/id1217793794",
    android: "https://play.google.com/store/apps/details?id=com.twofasapp",
  },
  {
    name: "Aegis",
    iphone: null,
    android: "https://play.google.com/store/apps/details?id=com.beemdevelopment.aegis",
  },
] as const;

/** Where authenticator apps are had. */
export function AuthenticatorApps() {
  return (
    <List size="sm" spacing={4}>
      {APPS.map(({ name, iphone, android }) => (
        <List.Item key={name}>
          <Text span fw={600} size="sm">
            {name}
          </Text>
          {": "}
          {iphone !== null && (
            <>
              <StoreLink app={name} system="iPhone" href={iphone} />
              {", "}
            </>
          )}
          <StoreLink app={name} system="Android" href={android} />
        </List.Item>
      ))}
    </List>
  );
}

function StoreLink({ app, system, href }: { app: string; system: string; href: string }) {
  const { t } = useTranslation("twoFactor");
  return (
    <Anchor href={href} target="_blank" rel="noopener noreferrer" underline="always" inherit>
      <VisuallyHidden>{app} </VisuallyHidden>
      {system}
      <VisuallyHidden> ({t("opensElsewhere")})</VisuallyHidden>
    </Anchor>
  );
}
