/** Stopping a reply that the server may not know yet. */
import { isProblem, stopGeneration, type ApiClient } from "@/lib/api"
import { sleep } from "@/lib/api/client"
import type { EndEvent } from "@/lib/wire"

const PAUSES_MS = [150, 300, 600, 1_200, 2_400]

/** `null` when the reply came to its end meanwhile. */
export async function stopPatiently(
  api: ApiClient,
  generationId: string,
  seenChars: number,
  isRunning: () => boolean,
): Promise<EndEvent | null> {
  for (const pause of PAUSES_MS) {
    try {
      return await stopGeneration(api, generationId, seenChars)
    } catch (error) {
      // Stop overtook the question on its way.
      if (!isProblem(error, "not-found")) throw error
    }
    await sleep(pause)
    if (!isRunning()) return null
  }
  return stopGeneration(api, generationId, seenChars)
}
