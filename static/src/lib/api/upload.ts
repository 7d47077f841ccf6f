/** A transport with upload progress, which XMLHttpRequest supports and `fetch` does not. */

const TIMEOUT_MS = 120_000

/** Rejects like `fetch`. */
export async function sendWithProgress(request: Request, onProgress: (share: number) => void): Promise<Response> {
  const body = await request.blob()
  return new Promise((resolve, reject) => {
    const sender = new XMLHttpRequest()
    const abort = () => sender.abort()
    const settle = (done: () => void) => () => {
      request.signal.removeEventListener("abort", abort)
      done()
    }
    sender.open(request.method, request.url)
    sender.timeout = TIMEOUT_MS
    sender.responseType = "text"
    request.headers.forEach((value, name) => sender.setRequestHeader(name, value))
    sender.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total)
    }
    sender.onload = settle(() => resolve(new Response(sender.responseText, { status: sender.status, headers: headersOf(sender) })))
    sender.onerror = settle(() => reject(new TypeError("upload failed")))
    sender.ontimeout = settle(() => reject(new DOMException("", "TimeoutError")))
    sender.onabort = settle(() => reject(new DOMException("", "AbortError")))
    if (request.signal.aborted) return reject(new DOMException("", "AbortError"))
    request.signal.addEventListener("abort", abort)
    sender.send(body)
  })
}

function headersOf(sender: XMLHttpRequest): Headers {
  const headers = new Headers()
  for (const name of ["content-type", "retry-after"]) {
    const value = sender.getResponseHeader(name)
    if (value !== null) headers.set(name, value)
  }
  return headers
}
