export interface ColumnFilesProps {
  /** Address of an answer in columns. */
  path: string;
  /** Name of the file without its ending. */
  name: string;
}
