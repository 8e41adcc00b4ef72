import { Button, Group, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import { ProblemLine } from "../shell/problem";

export function DisputeForm({ reading_id }: { reading_id: string }) {
  const { t } = useTranslation("feedback");
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const { mutate, isPending, isSuccess, error } = useMutation({
    retry: false,
    mutationFn: () =>
      body(api.POST("/api/readings/{reading_id}/disputes", { params: { path: { reading_id } }, body: { text } })),
  });
  if (isSuccess)
    return (
      <p role="status" data-testid="dispute-sent">
        {t("dispute_sent")}
      </p>
    );
  if (!open) {
    return (
      <Button
        variant="default"
        size="xs"
        onClick={() => setOpen(true)}
        data-testid="dispute"
        style={{ alignSelf: "start" }}
      >
        {t("dispute")}
      </Button>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        mutate();
      }}
    >
      <Textarea
        label={t("dispute_label")}
        autosize
        minRows={3}
        autoFocus
        required
        withAsterisk={false}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        data-testid="dispute-text"
      />
      <ProblemLine error={error} />
      <Group gap="xs" mt="xs">
        <Button type="submit" size="xs" loading={isPending} disabled={!text.trim()} data-testid="dispute-send">
          {t("dispute_send")}
        </Button>
        <Button variant="subtle" color="gray" size="xs" onClick={() => setOpen(false)}>
          {t("dispute_cancel")}
        </Button>
      </Group>
    </form>
  );
}
