// The set-up, line by line while it runs; one line when it is done; cause, remedy and another try when it failed.
import { Button, Group } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import type { Instance, Operation } from "~/api/types";
import { duration } from "~/format/number";
import { Failure } from "~/pattern/Failure";
import { Notice } from "~/pattern/Notice";
import { Panel } from "~/pattern/Panel";
import { Steps } from "~/pattern/Steps";
import classes from "./Made.module.css";

interface Props {
  instance: Instance;
  operation: Operation;
}

export function Progress({ instance, operation }: Props) {
  if (operation.status === "succeeded") return <Finished operation={operation} />;
  if (operation.status === "failed") return <Broken instance={instance} operation={operation} />;
  return <Running instance={instance} operation={operation} />;
}

function Running({ operation }: Props) {
  const { t } = useTranslation("wizard");
  return (
    <Panel title={t("made.steps")} lead={t("made.leave")}>
      <Steps operation={operation} />
    </Panel>
  );
}

function Finished({ operation }: Pick<Props, "operation">) {
  const { t } = useTranslation(["wizard", "common"]);
  const [open, setOpen] = useState(false);
  const took = operation.finished_at
    ? duration(new Date(operation.finished_at).getTime() - new Date(operation.created_at).getTime())
    : "";
  return (
    <div className={classes.finished}>
      <p className={classes.line} role="status">
        <IconCircleCheck size={18} stroke={2} className={classes.good} aria-hidden />
        <span>{t("made.took", { took })}</span>
        <Button variant="subtle" size="compact-xs" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t(open ? "common:action.hide" : "made.details")}
        </Button>
      </p>
      {open && (
        <Panel>
          <Steps operation={operation} />
        </Panel>
      )}
    </div>
  );
}

function Broken({ instance, operation }: Props) {
  const { t } = useTranslation("wizard");
  return (
    <Panel title={t("made.failed")} lead={t("made.failed_words")}>
      <div className={classes.broken}>
        <Steps operation={operation} />
        {instance.message && instance.message !== operation.error && (
          <p className={classes.remedy}>{instance.message}</p>
        )}
        <Again instance={instance} />
      </div>
    </Panel>
  );
}

/** Was set up, and stopped working before the first message. */
export function Fallen({ instance }: Pick<Props, "instance">) {
  const { t } = useTranslation("wizard");
  return (
    <Panel title={t("made.fell")}>
      <div className={classes.broken}>
        <Notice tone="bad">{instance.message}</Notice>
        <Again instance={instance} />
      </div>
    </Panel>
  );
}

function Again({ instance: { slug, cause } }: Pick<Props, "instance">) {
  const { t } = useTranslation(["wizard", "common"]);
  const navigate = useNavigate();
  const cache = useQueryClient();
  const again = useMutation({
    mutationFn: () => body(api.POST("/api/v1/instances/{slug}/start", { params: { path: { slug } } })),
    onSuccess: (next) => {
      cache.setQueryData(keys.operation(next.id), next);
      void navigate({ to: "/new", search: { agent: slug, operation: next.id }, replace: true });
    },
  });
  const keyRefused = cause === "key_refused";
  return (
    <>
      {again.error && <Failure error={again.error} />}
      <Group gap={8}>
        <Button loading={again.isPending} onClick={() => again.mutate()}>
          {t("common:action.retry")}
        </Button>
        <Button component={Link} to={`/instances/${slug}${keyRefused ? "/model" : ""}`} variant="default">
          {t(keyRefused ? "made.change_key" : "made.go")}
        </Button>
      </Group>
    </>
  );
}
