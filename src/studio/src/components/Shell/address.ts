import { useCallback, useMemo } from "react";
import { useLocation, useNavigate } from "react-router";

export interface AddressOptions {
  /** The present entry of the history is overwritten, so that Back does not undo it. */
  replace?: boolean;
  /** Asked for by an effect and not by a person: drawn with what is drawn next. */
  later?: boolean;
}

export type AddressChange = URLSearchParams | ((was: URLSearchParams) => URLSearchParams);

/**
 * What a page keeps in the address, and how it changes it. A change starts from the address as it is now, not from the one last drawn, so that of two made in one breath none is lost;
 * and it is drawn at once, so that a field or a tick that shows the address never falls back for an instant to what it was.
 */
export function useAddress(): [URLSearchParams, (change: AddressChange, options?: AddressOptions) => void] {
  const { search, pathname } = useLocation();
  const go = useNavigate();
  const params = useMemo(() => new URLSearchParams(search), [search]);
  const set = useCallback(
    (change: AddressChange, { replace = false, later = false }: AddressOptions = {}) => {
      // A dialog that closes once it has led to another page changes nothing there.
      if (location.pathname !== pathname) return;
      const next = typeof change === "function" ? change(new URLSearchParams(location.search)) : change;
      void go(`?${next}`, { replace, flushSync: !later });
    },
    [go, pathname],
  );
  return [params, set];
}
