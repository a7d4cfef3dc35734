// The figures as a file for a spreadsheet. A plain link: the browser fetches it with the session it has.
import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

interface Props {
  /** `/api/v1/usage/export`. */
  path: string;
  days: number;
  by: "model" | "cause";
}

export function Download({ path, days, by }: Props) {
  const { t } = useTranslation("instance");
  return (
    <Button
      component="a"
      href={`${path}?days=${days}&by=${by}`}
      download
      variant="default"
      size="xs"
      leftSection={<IconDownload size={15} aria-hidden />}
      aria-label={t(`usage.download_${by}`, { count: days })}
    >
      CSV
    </Button>
  );
}
