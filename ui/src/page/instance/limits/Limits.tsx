// The limits that hold, each with what is left of it, live; and the way to one's own.
import { Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Instance, LimitView } from "~/api/types";
import { Panel } from "~/pattern/Panel";
import { useMayChange } from "../agent";
import { useUndoable } from "./change";
import { LimitLine } from "./LimitLine";
import classes from "./Limits.module.css";
import { inOrder } from "./left";

// Its fields weigh more than this whole page.
const EditLimits = lazy(() => import("./EditLimits"));

/** Of one agent: the plan's, the operator's, those of all agents together, and one's own. */
export function Limits({ agent, limits }: { agent: Instance; limits: LimitView[] }) {
  const { t } = useTranslation("instance");
  const [editing, setEditing] = useState(false);
  const remove = useUndoable(agent.slug, limits);
  const mayChange = useMayChange();
  return (
    <Panel
      title={t("limits.title")}
      lead={t("limits.lead")}
      actions={
        mayChange && (
          <Button variant="default" size="xs" onClick={() => setEditing(true)}>
            {t("limits.edit")}
          </Button>
        )
      }
    >
      <List limits={limits} onRemove={mayChange ? remove : undefined} />
      {editing && (
        <Suspense>
          <EditLimits agent={agent} limits={limits} onClose={() => setEditing(false)} />
        </Suspense>
      )}
    </Panel>
  );
}

/** Of all agents of a tenant together: looked at, not changed here. */
export function SharedLimits({ limits }: { limits: LimitView[] }) {
  const { t } = useTranslation("instance");
  return (
    <Panel title={t("limits.shared_title")} lead={t(limits.length > 0 ? "limits.shared_lead" : "limits.shared_none")}>
      {limits.length > 0 && <List limits={limits} />}
    </Panel>
  );
}

function List({ limits, onRemove }: { limits: LimitView[]; onRemove?: (limit: LimitView) => void }) {
  return (
    <ul className={classes.list}>
      {inOrder(limits).map((limit) => (
        <LimitLine
          key={[limit.scope, limit.source, limit.unit, limit.window].join(" ")}
          limit={limit}
          onRemove={limit.editable ? onRemove : undefined}
        />
      ))}
    </ul>
  );
}
