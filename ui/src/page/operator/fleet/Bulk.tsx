// Changing many at once: first what would happen to each and why not to others, then the word, then how each of them fares.
import { Button, Group, Modal, Skeleton, Stack } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { whole } from "~/format/number";
import { Failure } from "~/pattern/Failure";
import { Notice } from "~/pattern/Notice";
import { type Action, bulk, fleetKey } from "./fleet";
import { Outcomes } from "./Outcomes";
import { Would } from "./Would";

interface Props {
  asked: { action: Action; ids: string[] };
  onClose: () => void;
  onDone: () => void;
}

/** Closed by its parent, which forgets it: a second bulk begins anew. */
export function Bulk({ asked, onClose, onDone }: Props) {
  const { t } = useTranslation(["operator", "common"]);
  const { action, ids } = asked;
  const cache = useQueryClient();
  const doing = useMutation({
    mutationFn: () => bulk(action, ids, false),
    onSuccess: () => {
      onDone();
      void cache.invalidateQueries({ queryKey: fleetKey });
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      size={640}
      title={
        doing.data
          ? t(`bulk.done.${action}`)
          : t(`bulk.title.${action}`, { count: ids.length, amount: whole(ids.length) })
      }
      closeButtonProps={{ "aria-label": t("common:action.close") }}
    >
      {doing.data ? (
        <Outcomes result={doing.data} onClose={onClose} />
      ) : (
        <Stack gap="md">
          <Plan asked={asked} busy={doing.isPending} onClose={onClose} onConfirm={() => doing.mutate()} />
          {doing.error && <Failure error={doing.error} />}
        </Stack>
      )}
    </Modal>
  );
}

interface PlanProps {
  asked: Props["asked"];
  busy: boolean;
  onClose: () => void;
  onConfirm: () => void;
}

function Plan({ asked: { action, ids }, busy, onClose, onConfirm }: PlanProps) {
  const { t } = useTranslation(["operator", "common"]);
  const dry = useQuery({
    queryKey: [...fleetKey, "dry", action, ids],
    queryFn: () => bulk(action, ids, true),
    // What would happen is true now and not later.
    gcTime: 0,
    staleTime: 0,
    refetchOnWindowFocus: false,
  });
  if (dry.error) return <Failure error={dry.error} retry={() => void dry.refetch()} />;
  const affected = dry.data?.affected ?? 0;
  return (
    <>
      {dry.data ? <Would action={action} result={dry.data} /> : <Skeleton height={220} radius={10} />}
      {dry.data && affected === 0 && <Notice tone="quiet">{t("bulk.nothing")}</Notice>}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {t("common:action.cancel")}
        </Button>
        <Button
          color={action === "stop" ? "red" : undefined}
          disabled={affected === 0}
          loading={busy}
          onClick={onConfirm}
        >
          {t(`bulk.go.${action}`, { count: affected, amount: whole(affected) })}
        </Button>
      </Group>
    </>
  );
}
