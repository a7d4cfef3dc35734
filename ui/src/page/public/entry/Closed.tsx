// Nobody new gets in here by themselves.
import { Button, Code, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Trans, useTranslation } from "react-i18next";
import { Gate } from "./Gate";

export function Closed() {
  const { t } = useTranslation("public");
  return (
    <Gate title={t("signup.closed")} lead={<p>{t("closed")}</p>}>
      <Stack gap="md" mt="lg">
        <Button component={Link} to="/login" size="md">
          {t("sign_in")}
        </Button>
        <Text size="sm" c="dimmed">
          <Trans t={t} i18nKey="signup.operator" components={{ code: <Code /> }} />
        </Text>
      </Stack>
    </Gate>
  );
}
