import { Button, Group, Paper, SimpleGrid, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useForm, type UseFormReturnType } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Card } from "../../ui/card.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { SaveError } from "../../ui/save-error.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import {
  mailTextsQuery,
  sendTestMail,
  useChangeMailText,
  usePreview,
  type MailText,
  type MailWording,
} from "./mail-text-api.ts";

type Words = MailText["defaults"];

/** What differs from the default is the operator's; what does not follows the default, also after an update. */
function wordingOf(words: Words, { defaults }: MailText): MailWording {
  const own = (field: keyof Words) => (words[field] === defaults[field] ? null : words[field]);
  return { subject: own("subject"), intro: own("intro"), closing: own("closing") };
}

const braced = (names: readonly string[]): string => names.map((name) => `{{${name}}}`).join(", ");

export function MailTextForm({ mail }: { mail: MailText }) {
  const { t } = useTranslation("mailTexts");
  const change = useChangeMailText(mail);
  const preview = usePreview(mail);
  const [resetError, setResetError] = useState<Error | null>(null);
  const { defaults } = mail;
  const form = useForm<Words>({
    mode: "controlled",
    initialValues: {
      subject: mail.subject ?? defaults.subject,
      intro: mail.intro ?? defaults.intro,
      closing: mail.closing ?? defaults.closing,
    },
  });
  const save = async (words: Words) => {
    await change.mutateAsync({ ...wordingOf(words, mail), version: mail.version });
    notifications.show({ message: t("saved") });
  };
  const saving = useFormAct(form, save);
  const trying = useFormAct(form, async (words) => {
    await preview.mutateAsync(wordingOf(words, mail));
  });
  const testing = useFormAct(form, async (words) => {
    await sendTestMail(mail, wordingOf(words, mail));
    notifications.show({ message: t("tested") });
  });
  const error = saving.error ?? trying.error ?? testing.error ?? resetError;
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
      <form onSubmit={saving.submit} noValidate>
        <Card>
          <WordFields form={form} mail={mail} />
          {error !== null && <SaveError error={error} query={mailTextsQuery} />}
          <Group>
            <Button type="submit" loading={saving.isPending}>
              {t("save")}
            </Button>
            <Button variant="default" loading={trying.isPending} onClick={() => trying.submit()}>
              {t("previewShow")}
            </Button>
            <Button variant="default" loading={testing.isPending} onClick={() => testing.submit()}>
              {t("test")}
            </Button>
            <Button variant="subtle" onClick={() => void save(defaults).catch(setResetError)}>
              {t("reset")}
            </Button>
          </Group>
        </Card>
      </form>
      <Card title={t("preview")} intro={t("previewIntro")}>
        {preview.data === undefined ? (
          <EmptyState title={t("previewNone")}>{t("previewNoneHint")}</EmptyState>
        ) : (
          <Preview {...preview.data} />
        )}
      </Card>
    </SimpleGrid>
  );
}

function WordFields({ form, mail }: { form: UseFormReturnType<Words>; mail: MailText }) {
  const { t } = useTranslation("mailTexts");
  const needs = braced(mail.needs);
  return (
    <>
      <Text c="dimmed">{t("fixed")}</Text>
      <Text size="sm">{t("places", { places: braced(mail.placeholders) })}</Text>
      <TextInput
        label={t("subject")}
        description={needs === "" ? undefined : t("subjectNeeds", { needs })}
        maxLength={200}
        {...form.getInputProps("subject")}
      />
      <Textarea
        label={t("intro")}
        description={t("introHint")}
        autosize
        minRows={3}
        maxLength={2_000}
        {...form.getInputProps("intro")}
      />
      <Textarea
        label={t("closing")}
        description={t("closingHint")}
        autosize
        minRows={3}
        maxLength={2_000}
        {...form.getInputProps("closing")}
      />
    </>
  );
}

/** As text: what a mail program makes of the HTML, the test mail shows. */
function Preview({ subject, text }: { subject: string; text: string }) {
  return (
    <Stack gap="xs">
      <Text fw={600}>{subject}</Text>
      <Paper withBorder p="md">
        <Text
          size="sm"
          style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}
          data-testid="mail-preview"
        >
          {text}
        </Text>
      </Paper>
    </Stack>
  );
}
