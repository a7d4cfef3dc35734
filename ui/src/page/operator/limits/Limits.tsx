// The limits that staff set: for the platform's own keys, and for tenants. Each with what is left of it.
import { Button } from "@mantine/core";
import { IconBuilding, IconKey, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty } from "~/pattern/Empty";
import { Await, Lines } from "~/pattern/Loading";
import { Panel } from "~/pattern/Panel";
import { Edit, type Scope } from "./Edit";
import { Held } from "./Held";
import classes from "./Limits.module.css";
import { groups, type Kind, limitsQuery, type OperatorLimit } from "./limits";

/** What is being set: a new limit, of somebody perhaps, or another amount for one that there is. */
interface Asked {
  scope?: Scope;
  limit?: OperatorLimit;
}

export function Limits() {
  return (
    <div className={classes.pair}>
      <Of kind="key" />
      <Of kind="tenant" />
    </div>
  );
}

const ICONS = { key: IconKey, tenant: IconBuilding };
/** As many are seen at once; the rest on demand. */
const FIRST = 6;

function Of({ kind }: { kind: Kind }) {
  const { t, i18n } = useTranslation("operator");
  const query = useQuery(limitsQuery);
  const [asked, setAsked] = useState<Asked>();
  const [all, setAll] = useState(false);
  const add = (
    <Button
      variant="default"
      size="xs"
      leftSection={<IconPlus size={14} aria-hidden />}
      onClick={() => setAsked({})}
      aria-label={t(`limits.${kind}.add`)}
    >
      {t("limits.add")}
    </Button>
  );
  return (
    <Panel title={t(`limits.${kind}.title`)} lead={t(`limits.${kind}.lead`)} actions={add}>
      <Await query={query} skeleton={<Lines count={3} height={20} />}>
        {(limits) => {
          const found = groups(limits, kind, i18n.language);
          const rest = all ? 0 : found.length - FIRST;
          if (found.length === 0)
            return (
              <Empty icon={ICONS[kind]} title={t(`limits.${kind}.empty`)}>
                {t(`limits.${kind}.empty_words`)}
              </Empty>
            );
          return (
            <>
              <ul className={classes.groups}>
                {found.slice(0, all ? undefined : FIRST).map((group) => (
                  <Held
                    key={group.scope}
                    group={group}
                    onEdit={(limit) => setAsked({ scope: { id: group.scope, name: group.name }, limit })}
                  />
                ))}
              </ul>
              {rest > 0 && (
                <Button variant="subtle" size="xs" mt={12} onClick={() => setAll(true)}>
                  {t("limits.rest", { count: rest })}
                </Button>
              )}
            </>
          );
        }}
      </Await>
      {asked && <Edit kind={kind} scope={asked.scope} limit={asked.limit} onClose={() => setAsked(undefined)} />}
    </Panel>
  );
}
