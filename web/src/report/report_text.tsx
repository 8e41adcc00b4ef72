import { Fragment, type ReactNode } from "react";
import { type Piece, type Span, piecesOf } from "./spans";
import "./report.css";

/** A stretch drawn apart: `className` says how, `title` says in words what it is. */
export type Highlight = Span & { className: string; title: string };

type Props = {
  text: string;
  highlights: readonly Highlight[];
  /** Sentences that can be pressed, and what pressing one does. */
  sentences?: readonly Span[];
  isPressed?: (sentence: Span) => boolean;
  onPress?: (sentence: Span) => void;
};

/** A report in its own words, with highlights laid over it. */
export function ReportText({ text, highlights, sentences = [], isPressed, onPress }: Props) {
  const pieces = piecesOf(text, [...sentences, ...highlights]);
  const sentenceAt = (piece: Piece) => piece.over.find((index) => index < sentences.length) ?? -1;
  const highlightsAt = (piece: Piece) => piece.over.flatMap((index) => highlights[index - sentences.length] ?? []);
  return (
    <div className="report-text" data-testid="report-text">
      {grouped(pieces, sentenceAt).map(({ sentence, members }) => {
        const inner = members.map((piece) => (
          <Stretch key={piece.start} text={piece.text} highlights={highlightsAt(piece)} />
        ));
        const span = sentences[sentence];
        if (!span || !onPress) return <Fragment key={members[0]!.start}>{inner}</Fragment>;
        return (
          <Sentence key={members[0]!.start} pressed={isPressed?.(span) ?? false} onPress={() => onPress(span)}>
            {inner}
          </Sentence>
        );
      })}
    </div>
  );
}

function grouped(pieces: readonly Piece[], sentenceAt: (piece: Piece) => number) {
  const groups: { sentence: number; members: Piece[] }[] = [];
  for (const piece of pieces) {
    const sentence = sentenceAt(piece);
    const last = groups.at(-1);
    if (last && last.sentence === sentence) last.members.push(piece);
    else groups.push({ sentence, members: [piece] });
  }
  return groups;
}

function Stretch({ text, highlights }: { text: string; highlights: Highlight[] }) {
  if (!highlights.length) return text;
  return (
    <mark
      className={highlights.map(({ className }) => className).join(" ")}
      title={highlights.map(({ title }) => title).join("; ")}
    >
      {text}
    </mark>
  );
}

function Sentence({ pressed, onPress, children }: { pressed: boolean; onPress: () => void; children: ReactNode }) {
  return (
    <span
      className="sentence"
      role="button"
      tabIndex={0}
      aria-pressed={pressed}
      data-testid="sentence"
      onClick={onPress}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        onPress();
      }}
    >
      {children}
    </span>
  );
}
