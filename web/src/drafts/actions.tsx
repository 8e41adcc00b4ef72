import { Button, Group, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { Problem } from "../api/client";
import type { Draft, DraftEdit } from "../api/types";
import { Dialog } from "../shell/dialog";
import { ProblemLine } from "../shell/problem";
import { useShortcuts } from "../shell/shortcuts";
import { nextDraft, useDraftChanges } from "./queries";

type Props = { draft: Draft; edit: DraftEdit; changed: boolean; onReload: () => void };

/** Blank lines typed in the differential are no entries. */
const tidy = (edit: DraftEdit): DraftEdit => ({
  ...edit,
  differential: edit.differential.map((line) => line.trim()).filter(Boolean),
});

export function DraftActions({ draft, edit, changed, onReload }: Props) {
  const { t } = useTranslation("drafts");
  const { save, approve, reject } = useDraftChanges(draft.case_id);
  const [rejecting, setRejecting] = useState(false);
  const open = draft.status === "draft";
  const mayApprove = open && draft.cleaning.clean;
  const busy = save.isPending || approve.isPending || reject.isPending;
  const error = save.error ?? approve.error ?? reject.error;
  const onSave = () => changed && !busy && save.mutate(tidy(edit));
  const onApprove = () => mayApprove && !busy && approve.mutate({ edit: tidy(edit), changed });
  useShortcuts({ a: onApprove, x: () => open && setRejecting(true), "Ctrl+s": onSave });
  return (
    <footer className="draft-actions">
      {!open && <Settled draft={draft} />}
      <ProblemLine error={error} />
      {error instanceof Problem && error.status === 409 && (
        <Button size="xs" variant="default" onClick={onReload}>
          {t("reload")}
        </Button>
      )}
      <Group gap="xs">
        {open && (
          <Button
            onClick={onApprove}
            disabled={!mayApprove}
            loading={approve.isPending}
            data-testid="approve"
            aria-keyshortcuts="a"
          >
            {t(changed ? "save_and_approve" : "approve")}
          </Button>
        )}
        {open && (
          <Button variant="default" onClick={() => setRejecting(true)} data-testid="reject" aria-keyshortcuts="x">
            {t("reject")}
          </Button>
        )}
        <Button
          variant="subtle"
          color="gray"
          onClick={onSave}
          disabled={!changed}
          loading={save.isPending}
          data-testid="save"
          aria-keyshortcuts="Control+s"
        >
          {t("save")}
        </Button>
        <span className="quiet" role="status">
          {changed ? t("unsaved") : open ? t("keys_detail") : ""}
        </span>
      </Group>
      <RejectDialog
        opened={rejecting}
        onClose={() => setRejecting(false)}
        onReject={(reason) => {
          setRejecting(false);
          reject.mutate({ reason, edit: tidy(edit), changed });
        }}
      />
    </footer>
  );
}

function Settled({ draft }: { draft: Draft }) {
  const { t } = useTranslation("drafts");
  const navigate = useNavigate();
  const next = async () => {
    const case_id = await nextDraft(draft.case_id);
    void navigate(case_id ? `/drafts/${case_id}` : "/drafts");
  };
  return (
    <div className="settled" role="status">
      <span>{t(draft.status === "approved" ? "approved_now" : "rejected_now")}</span>
      <Button size="xs" autoFocus onClick={() => void next()} data-testid="next-draft">
        {t("next_draft")}
      </Button>
    </div>
  );
}

type DialogProps = { opened: boolean; onClose: () => void; onReject: (reason: string) => void };

function RejectDialog({ opened, onClose, onReject }: DialogProps) {
  const { t } = useTranslation("drafts");
  const [reason, setReason] = useState("");
  return (
    <Dialog opened={opened} onClose={onClose} title={t("reject_title")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onReject(reason.trim());
        }}
      >
        <Textarea
          label={t("reject_reason")}
          data-autofocus
          autosize
          minRows={2}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          data-testid="reject-reason"
        />
        <Group mt="md" gap="xs">
          <Button type="submit" disabled={!reason.trim()} data-testid="reject-confirm">
            {t("reject_send")}
          </Button>
          <Button variant="subtle" color="gray" onClick={onClose}>
            {t("cancel")}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
