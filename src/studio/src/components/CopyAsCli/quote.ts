import { hiddenIn } from "../../text/format";

/** A command as it is typed into a shell. Characters that a terminal would obey instead of show, such as those that turn the direction, are written out for bash: $'\u202e'. */
export function typed(command: readonly string[]): string {
  return command.map((word) => (hiddenIn(word) ? `$'${word.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replace(/[\s\S]/gu, escaped)}'` : /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");
}

function escaped(character: string): string {
  if (character === "\n") return "\\n";
  if (character === "\t") return "\\t";
  return hiddenIn(character) ? `\\u${character.codePointAt(0)!.toString(16).padStart(4, "0")}` : character;
}
