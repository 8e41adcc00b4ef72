import { ActionIcon, Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { bytes, shownOf } from "./tally";
import type { SentFile, Uploader } from "./uploader";

type Props = { files: readonly SentFile[]; uploader: Uploader };

export function FileList({ files, uploader }: Props) {
  const { t } = useTranslation("new_case");
  const { shown, more } = shownOf(files);
  return (
    <>
      <ul className="file-list" aria-label={t("files_list")} tabIndex={0}>
        {shown.map((file) => (
          <FileRow key={file.number} file={file} uploader={uploader} />
        ))}
      </ul>
      {more > 0 && <p className="quiet">{t("more_files", { number: more.toLocaleString() })}</p>}
    </>
  );
}

function FileRow({ file, uploader }: { file: SentFile; uploader: Uploader }) {
  const { t } = useTranslation("new_case");
  const { number, name, state } = file;
  const share = file.size ? Math.min(100, Math.round((100 * file.sent) / file.size)) : 0;
  return (
    <li className={`file is-${state}`} data-testid="file-row">
      <span className="file-name" title={name}>
        {name}
      </span>
      <span className="file-size">{bytes(file.size)}</span>
      <span className="file-state">
        {file.passed ? t("passed") : state === "sending" ? `${share} %` : t(`state.${state}`)}
      </span>
      <span className="file-do">
        {state === "refused" && (
          <Button
            size="compact-xs"
            variant="default"
            aria-label={t("retry_file", { name })}
            onClick={() => uploader.retry(number)}
          >
            {t("send_again")}
          </Button>
        )}
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={t("remove_file", { name })}
          onClick={() => void uploader.remove(number).catch(() => undefined)}
        >
          ×
        </ActionIcon>
      </span>
      {file.problem && <span className="file-problem">{file.problem}</span>}
    </li>
  );
}
