// The person's own page: who they are here, how they sign in, where they are signed in, how the console looks.
import { Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Page } from "~/pattern/Page";
import { Looks } from "./profile/Looks";
import { Password } from "./profile/Password";
import { Profile } from "./profile/Profile";
import { Sessions } from "./session/Sessions";

export function Account() {
  const { t } = useTranslation("account");
  return (
    <Page title={t("title")} lead={t("lead")} narrow>
      <Stack gap="md">
        <Profile />
        <Password />
        <Sessions />
        <Looks />
      </Stack>
    </Page>
  );
}
