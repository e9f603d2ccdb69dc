import type { UploadShown } from "./client";
import { ApiError, refusal, SIGNED_OUT } from "./http";

/** Sends the bytes of a file; the server names it by their hash and never by a path. */
export async function uploadFile(file: File, signal?: AbortSignal): Promise<UploadShown> {
  let answer: Response;
  try {
    answer = await fetch(`/api/data/uploads/${encodeURIComponent(file.name)}`, {
      method: "PUT", credentials: "same-origin", body: file, headers: { "Content-Type": "application/octet-stream", Accept: "application/json" }, ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new ApiError(0, { code: "OFFLINE", message: "The file did not arrive.", where: file.name, remedy: "See whether the server still runs, then send it again." });
  }
  if (answer.ok) return (await answer.json()) as UploadShown;
  if (answer.status === 401) window.dispatchEvent(new Event(SIGNED_OUT));
  throw await refusal(answer);
}
