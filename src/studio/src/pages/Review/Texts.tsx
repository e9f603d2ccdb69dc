import { useMemo } from "react";
import type { TextCompared } from "../../api/client";
import { OtherText } from "../../components/OtherText";
import { YamlDiff } from "../../components/YamlDiff";
import { lineDiff } from "../../designer/differences";
import { many } from "../../text/format";
import { review as words } from "../../text/strings";

/** Longer differences are folded until somebody asks. */
const OPEN_MOST = 24;

const kinds: Record<string, string> = { model: "Model", pack: "Pack", workflow: "Workflow" };

/** Texts that were approved beside those that are asked for, line by line. */
export function Texts({ texts }: { texts: readonly TextCompared[] }) {
  return (
    <ul className="texts">
      {texts.map((text) => (
        <li key={`${text.kind} ${text.name}`}>
          <Text text={text} />
        </li>
      ))}
    </ul>
  );
}

function Text({ text }: { text: TextCompared }) {
  const [added, removed] = useMemo(() => {
    const lines = text.before === null || text.now === null ? [] : lineDiff(text.before, text.now);
    return [lines.filter((l) => l.sign === "+").length, lines.filter((l) => l.sign === "-").length];
  }, [text]);
  const title = (
    <>
      <b>{kinds[text.kind] ?? text.kind}</b> <OtherText most={80}>{text.name}</OtherText>
    </>
  );
  if (text.before === null || text.now === null) {
    return (
      <p className="text-same">
        {title} <span className="mut">{text.is_same ? words.textSame : text.missing}</span>
      </p>
    );
  }
  return (
    <details open={added + removed <= OPEN_MOST}>
      <summary>
        {title}{" "}
        <span className="text-n">
          {many(added, "line added", "lines added")}, {removed} removed
        </span>
      </summary>
      <YamlDiff a={text.before} b={text.now} label={`${kinds[text.kind] ?? text.kind} ${text.name}, approved and now`} />
    </details>
  );
}
