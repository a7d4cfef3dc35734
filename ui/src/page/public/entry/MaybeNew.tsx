// Signed up, but not signed in: perhaps the address had an account with another password. Which it was is nobody's business.
import { Button, Stack } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Gate } from "./Gate";

export function MaybeNew({ email }: { email: string }) {
  const { t } = useTranslation("public");
  return (
    <Gate
      title={t("signup.maybe.title")}
      lead={
        <p className="foreign" role="status">
          {t("signup.maybe.words", { email })}
        </p>
      }
    >
      <Stack mt="lg">
        <Button component={Link} to="/login" size="md">
          {t("sign_in")}
        </Button>
      </Stack>
    </Gate>
  );
}
