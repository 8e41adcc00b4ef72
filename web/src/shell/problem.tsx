import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Problem } from "../api/client";

/** One line: what the service said, or that it cannot be reached. */
export function useProblemText(): (error: unknown) => string {
  const { t } = useTranslation("shell");
  return (error) => (error instanceof Problem ? error.detail : t("offline"));
}

export function ProblemLine({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation("shell");
  const text = useProblemText();
  if (!error) return null;
  return (
    <p className="problem" role="alert" data-testid="problem">
      {text(error)}{" "}
      {retry && (
        <Button size="compact-xs" variant="default" onClick={retry}>
          {t("retry")}
        </Button>
      )}
    </p>
  );
}
