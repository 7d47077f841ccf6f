import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react"

/** Nearer than this to the end counts as being there. */
const NEAR_PX = 64
/** A scroll this soon after a wheel, a finger or a key is the reader's. */
const TOUCH_MS = 400

interface Stick {
  scroller: RefObject<HTMLDivElement | null>
  content: RefObject<HTMLDivElement | null>
  isAtEnd: boolean
  toEnd: () => void
}

/** Keeps the end in sight while the content grows, until the reader scrolls up; never pulls them back. */
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
      // Content that grows or shrinks moves the end, and the position with it, without anybody scrolling.
      const isResized = box.scrollHeight !== seen.height || box.clientHeight !== seen.room
      const isMeant = !isResized || performance.now() - seen.touched < TOUCH_MS
      if (near) sticks.current = true
      else if (box.scrollTop < seen.top && isMeant) sticks.current = false
      Object.assign(seen, { top: box.scrollTop, height: box.scrollHeight, room: box.clientHeight })
      setIsAtEnd(near || sticks.current)
    }
    // The box shrinks under a keyboard, the content grows with every word: either way the end stays in sight.
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
