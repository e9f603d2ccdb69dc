/** The nonce that the server gave this page; a style element without it is not applied. */
export function nonceOfPage(): string {
  return document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce ?? "";
}
