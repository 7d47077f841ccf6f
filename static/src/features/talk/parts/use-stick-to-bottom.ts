import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react"

/** The distance from the end that counts as at the end. */
const NEAR_PX = 64
/** A scroll within this time after an input event is attributed to the user. */
const TOUCH_MS = 400

interface Stick {
  scroller: RefObject<HTMLDivElement | null>
  content: RefObject<HTMLDivElement | null>
  isAtEnd: boolean
  toEnd: () => void
}

/** Stays scrolled to the end while the content grows, until the user scrolls up. */
export function useStickToBottom(): Stick {
  const scroller = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const sticks = useRef(true)
  const [isAtEnd, setIsAtEnd] = useState(true)

  const toEnd = useCallback(() => {
    const box = scroller.current
    if (!box) return
    sticks.current = true
    setIsAtEnd(true)
    box.scrollTop = box.scrollHeight
  }, [])

  useLayoutEffect(toEnd, [toEnd])

  useEffect(() => {
    const box = scroller.current
    const inner = content.current
    if (!box || !inner) return
    const seen = { top: box.scrollTop, height: box.scrollHeight, room: box.clientHeight, touched: 0 }
    const onTouch = () => {
      seen.touched = performance.now()
    }
    const onScroll = () => {
      const near = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX
      // A change of the content's height also changes the scroll position.
      const isResized = box.scrollHeight !== seen.height || box.clientHeight !== seen.room
      const isMeant = !isResized || performance.now() - seen.touched < TOUCH_MS
      if (near) sticks.current = true
      else if (box.scrollTop < seen.top && isMeant) sticks.current = false
      Object.assign(seen, { top: box.scrollTop, height: box.scrollHeight, room: box.clientHeight })
      setIsAtEnd(near || sticks.current)
    }
    // The box shrinks above a keyboard, and the content grows during a reply.
    const observer = new ResizeObserver(() => {
      if (sticks.current) box.scrollTop = box.scrollHeight
    })
    const touches = ["wheel", "touchmove", "keydown", "pointerdown"] as const
    for (const touch of touches) box.addEventListener(touch, onTouch, { passive: true })
    box.addEventListener("scroll", onScroll, { passive: true })
    observer.observe(inner)
    observer.observe(box)
    return () => {
      for (const touch of touches) box.removeEventListener(touch, onTouch)
      box.removeEventListener("scroll", onScroll)
      observer.disconnect()
    }
  }, [])

  return { scroller, content, isAtEnd, toEnd }
}
