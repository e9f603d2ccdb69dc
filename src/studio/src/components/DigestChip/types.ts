export interface DigestChipProps {
  digest: string;
  algorithm?: string;
}
