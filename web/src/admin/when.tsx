import { moment } from "../shell/words";

/** A moment in the reader's own time zone; the same in UTC stands in its title, for comparing with logs. */
export function When({ at }: { at: string }) {
  const utc = new Date(at).toISOString().slice(0, 19).replace("T", " ");
  return (
    <time className="when" dateTime={at} title={`${utc} UTC`}>
      {moment(at)}
    </time>
  );
}
