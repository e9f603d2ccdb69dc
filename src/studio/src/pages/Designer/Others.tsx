import type { WorkflowDesk } from "../../api/client";
import { Glyph } from "../../components/Icon";
import { OtherText } from "../../components/OtherText";
import { designer as words } from "../../text/designer";

/** Who else has this designer open, or a draft: by name, so that one asks before one saves. */
export function Others({ desk }: { desk: WorkflowDesk | null }) {
  if (desk === null) return null;
  const here = [...new Map(desk.editors.filter((e) => !e.is_me).map((e) => [e.user, e])).values()];
  const drafts = desk.drafts.filter((d) => !here.some((e) => e.user === d.user));
  const mine = desk.editors.some((e) => e.is_me);
  if (here.length + drafts.length === 0 && !mine) return null;
  const all = [
    ...here.map((e) => `${e.name} has it open${e.base === null ? "" : `, on ${e.base}`}`), ...drafts.map((d) => `${d.name} has a draft${d.base === null ? "" : ` of ${d.base}`}`), ...(mine ? [words.otherTabWhy] : []),
  ];
  const [first] = here.length > 0 ? here : drafts;
  const more = here.length + drafts.length - 1;
  return (
    <span className="b warn others" title={all.join("\n")}>
      <Glyph name="triangle" size={11} />
      {first === undefined ? <span>{words.otherTab}</span> : <span><OtherText most={20}>{first.name}</OtherText> {here.length > 0 ? "edits too" : "has a draft"}{more > 0 ? `, ${more} more` : ""}</span>}
      <span className="sr">{all.join(". ")}</span>
    </span>
  );
}
