/** Upload of avatars, with checks before the upload. */
import { useCallback, useEffect, useRef, useState } from "react"

import { AVATAR_BYTES_MAX, type StoredFile } from "@/lib/wire"

import { useApi } from "./use-api"

/** For `<input type="file" accept>`. */
export const AVATAR_TYPES = "image/png,image/jpeg,image/webp"

/** A message if the picture is invalid, or `null`. The server checks the whole file. */
export async function pictureProblem(file: Blob): Promise<string | null> {
  if (file.size === 0) return "This file is empty."
  if (file.size > AVATAR_BYTES_MAX) return `This picture is ${megabytes(file.size)} MB. The limit is 5 MB.`
  const head = new Uint8Array(await file.slice(0, 12).arrayBuffer())
  const ascii = String.fromCharCode(...head)
  const known = ascii.startsWith("\x89PNG\r\n\x1a\n") || ascii.startsWith("\xff\xd8\xff") || (ascii.startsWith("RIFF") && ascii.slice(8) === "WEBP")
  return known ? null : "Choose a PNG, JPEG or WebP picture."
}

function megabytes(bytes: number): string {
  return (Math.ceil((bytes / 1_048_576) * 10) / 10).toFixed(1)
}

/** Uploads one picture at a time. A new upload, or leaving the page, cancels the running one. */
export function useUploadAvatar() {
  const api = useApi()
  const running = useRef<AbortController | null>(null)
  /** 0 to 1 while an upload runs. */
  const [progress, setProgress] = useState<number | null>(null)

  const cancel = useCallback(() => {
    running.current?.abort()
    running.current = null
    setProgress(null)
  }, [])
  useEffect(() => cancel, [cancel])

  const upload = useCallback(
    async (file: Blob): Promise<StoredFile> => {
      cancel()
      const mine = new AbortController()
      running.current = mine
      setProgress(0)
      try {
        const headers = { "content-type": file.type || "application/octet-stream" }
        return await api.upload(
          (http) => http.POST("/api/files", { body: file, bodySerializer: () => file, headers, signal: mine.signal }),
          (share) => running.current === mine && setProgress(share),
        )
      } finally {
        if (running.current === mine) cancel()
      }
    },
    [api, cancel],
  )
  return { upload, cancel, progress }
}
