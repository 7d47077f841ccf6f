/** One upload with progress. `fetch` cannot report how much has been sent; XMLHttpRequest can. */
import { connectionError } from "./errors"

export interface UploadAnswer {
  status: number
  body: string
  retryAfter: string | null
}

const TIMEOUT_MS = 120_000

export function postBytes(
  path: string,
  file: Blob,
  options: { token: string; signal?: AbortSignal; onProgress?: (share: number) => void },
): Promise<UploadAnswer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const abort = () => request.abort()
    const settle = (done: () => void) => () => {
      options.signal?.removeEventListener("abort", abort)
      done()
    }
    request.open("POST", path)
    request.timeout = TIMEOUT_MS
    request.setRequestHeader("authorization", `Bearer ${options.token}`)
    request.setRequestHeader("accept", "application/json")
    request.setRequestHeader("content-type", file.type || "application/octet-stream")
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) options.onProgress?.(event.loaded / event.total)
    }
    request.onload = settle(() =>
      resolve({ status: request.status, body: request.responseText, retryAfter: request.getResponseHeader("retry-after") }),
    )
    request.onerror = settle(() => reject(connectionError(new TypeError("upload failed"))))
    request.ontimeout = settle(() => reject(connectionError(new DOMException("", "TimeoutError"))))
    request.onabort = settle(() => reject(new DOMException("", "AbortError")))
    if (options.signal?.aborted) return reject(new DOMException("", "AbortError"))
    options.signal?.addEventListener("abort", abort)
    request.send(file)
  })
}
