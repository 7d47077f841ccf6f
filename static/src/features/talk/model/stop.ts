/** Stops a reply, also if the request for it has not reached the server yet. */
import { isProblem, stopGeneration, type ApiClient } from "@/lib/api"
import { sleep } from "@/lib/api/client"
import type { EndEvent } from "@/lib/wire"

const PAUSES_MS = [150, 300, 600, 1_200, 2_400]

/** Retries while the reply does not exist yet. `null` if the reply has ended meanwhile. */
export async function stopWithRetry(
  api: ApiClient,
  generationId: string,
  seenChars: number,
  isRunning: () => boolean,
): Promise<EndEvent | null> {
  for (const pause of PAUSES_MS) {
    try {
      return await stopGeneration(api, generationId, seenChars)
    } catch (error) {
      // The stop request has overtaken the request for the reply.
      if (!isProblem(error, "not-found")) throw error
    }
    await sleep(pause)
    if (!isRunning()) return null
  }
  return stopGeneration(api, generationId, seenChars)
}
