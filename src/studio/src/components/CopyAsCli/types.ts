export interface CopyAsCliProps {
  /** The command, word by word; words are quoted as a shell needs them. */
  command: readonly string[];
}
