import { Button, FileButton, Group, Input, Text } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useTranslation } from "react-i18next";
import type { Branding } from "./branding-api.ts";
import type { BrandingValues } from "./branding-page.tsx";

/** As the server has it: bytes of a logo. */
const MAX_BYTES = 200_000;
const ACCEPTED = "image/png,image/jpeg,image/webp";

type Props = { form: UseFormReturnType<BrandingValues>; branding: Branding };

/** The logo: a small picture, read here and sent with the rest when it is saved. */
export function LogoField({ form, branding }: Props) {
  const { t } = useTranslation("branding");
  const shown = logoSource(form.values.logo, branding);
  const choose = async (file: File | null) => {
    if (file === null) return;
    if (file.size > MAX_BYTES)
      return form.setFieldError("logo", t("logoTooLarge", { size: Math.ceil(file.size / 1000) }));
    if (!ACCEPTED.split(",").includes(file.type)) return form.setFieldError("logo", t("logoType"));
    form.setFieldValue("logo", await toBase64(file));
    form.clearFieldError("logo");
  };
  return (
    <Input.Wrapper label={t("logo")} description={t("logoHint")} error={form.errors["logo"]}>
      <Group mt="xs" gap="sm">
        {shown === null ? (
          <Text c="dimmed">{t("noLogo")}</Text>
        ) : (
          <img
            src={shown}
            alt={t("logoNow")}
            height={40}
            style={{ maxWidth: 160, objectFit: "contain" }}
          />
        )}
        <FileButton accept={ACCEPTED} onChange={(file) => void choose(file)}>
          {(props) => (
            <Button {...props} variant="default" size="xs">
              {t("chooseLogo")}
            </Button>
          )}
        </FileButton>
        {shown !== null && (
          <Button
            variant="default"
            size="xs"
            onClick={() => {
              form.setFieldValue("logo", null);
              form.clearFieldError("logo");
            }}
          >
            {t("removeLogo")}
          </Button>
        )}
      </Group>
    </Input.Wrapper>
  );
}

/** Where to show the logo from: what was just chosen, else what is saved. */
export function logoSource(
  chosen: string | null | undefined,
  { logo }: Pick<Branding, "logo">,
): string | null {
  if (chosen === undefined) return logo?.url ?? null;
  return chosen === null ? null : `data:${typeOf(chosen)};base64,${chosen}`;
}

const typeOf = (base64: string): string => {
  if (base64.startsWith("iVBOR")) return "image/png";
  return base64.startsWith("/9j/") ? "image/jpeg" : "image/webp";
};

async function toBase64(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCodePoint(byte);
  return btoa(text);
}
