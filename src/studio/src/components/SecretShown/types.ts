export interface SecretShownProps {
  title: string;
  /** What it is good for, and that it is gone afterwards. */
  why: string;
  secret: string;
  /** Word of the button that closes it. */
  done: string;
  onClose(): void;
}
