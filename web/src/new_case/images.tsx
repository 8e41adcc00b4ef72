import { Button, Progress, Title } from "@mantine/core";
import { type DragEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Desktop } from "./desk";
import { fromDrop, fromField } from "./dropped";
import { FileList } from "./file_list";
import { bytes, tallyOf } from "./tally";
import type { Chosen } from "./uploader";

/** The images of the case: chosen, on their way, there. */
export function Images({ desk }: { desk: Desktop }) {
  const { t } = useTranslation("new_case");
  const { sending, uploader } = desk;
  return (
    <section className="card new-case-images" aria-labelledby="images">
      <Title order={2} id="images">
        {t("images")}
      </Title>
      <p className="quiet">{t("images_help")}</p>
      <DropZone onChosen={(chosen) => uploader.add(chosen)} />
      {sending.lost && (
        <p className="problem" role="alert" data-testid="upload-lost">
          {t("lost")}{" "}
          <Button size="compact-xs" variant="default" onClick={() => uploader.resume()}>
            {t("try_now")}
          </Button>
        </p>
      )}
      {sending.files.length > 0 && <Sent desk={desk} />}
    </section>
  );
}

function DropZone({ onChosen }: { onChosen: (chosen: Chosen[]) => void }) {
  const { t } = useTranslation("new_case");
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const take = (input: HTMLInputElement) => {
    if (input.files?.length) onChosen(fromField(input.files));
    // Else the same files could not be chosen again after they were removed.
    input.value = "";
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void fromDrop(event.dataTransfer).then(onChosen);
  };
  return (
    <div
      className={over ? "drop-zone is-over" : "drop-zone"}
      data-testid="drop-zone"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <p>{t("drop")}</p>
      <p className="quiet">{t("or")}</p>
      <div className="drop-buttons">
        <Button variant="default" onClick={() => files.current?.click()}>
          {t("choose_files")}
        </Button>
        <Button variant="default" onClick={() => folder.current?.click()}>
          {t("choose_folder")}
        </Button>
      </div>
      <input ref={files} type="file" multiple hidden data-testid="files" onChange={(e) => take(e.currentTarget)} />
      <input
        ref={folder}
        type="file"
        multiple
        hidden
        data-testid="folder"
        onChange={(e) => take(e.currentTarget)}
        {...{ webkitdirectory: "" }}
      />
    </div>
  );
}

function Sent({ desk }: { desk: Desktop }) {
  const { t } = useTranslation("new_case");
  const { sending, uploader } = desk;
  const tally = tallyOf(sending.files);
  const share = tally.bytes ? (100 * tally.sentBytes) / tally.bytes : 100;
  return (
    <>
      <div className="sent-head">
        <p role="status" data-testid="sent-of">
          {t("sent_of", { ...tally, bytes: bytes(tally.bytes), sentBytes: bytes(tally.sentBytes) })}
          {tally.passed > 0 && <> · {t("passed_some", { number: tally.passed })}</>}
          {tally.refused > 0 && <span className="bad"> · {t("refused_some", { number: tally.refused })}</span>}
        </p>
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          onClick={() => void uploader.cancel().catch(() => undefined)}
          data-testid="cancel-upload"
        >
          {t("cancel")}
        </Button>
      </div>
      <Progress value={Math.min(100, share)} aria-label={t("progress")} size="sm" mb="sm" />
      <FileList files={sending.files} uploader={uploader} />
    </>
  );
}
