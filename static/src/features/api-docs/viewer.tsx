import { useAuth } from "@clerk/react"
import { useEffect, useRef } from "react"
import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js"
import "swagger-ui-dist/swagger-ui.css"

import { paths } from "@/lib/paths"
import { useTheme } from "@/lib/theme"

import "./viewer.css"

/** Swagger UI. It knows no React: it is given an element once and keeps it. */
export function Viewer() {
  const element = useRef<HTMLDivElement>(null)
  const { getToken } = useAuth()
  const latest = useRef(getToken)
  latest.current = getToken
  useSwaggerTheme()

  useEffect(() => {
    if (!element.current) return
    SwaggerUI({
      domNode: element.current,
      url: paths.openApi,
      // The page would ask a validator elsewhere otherwise.
      validatorUrl: null,
      deepLinking: true,
      defaultModelsExpandDepth: 0,
      displayRequestDuration: true,
      tryItOutEnabled: true,
      requestInterceptor: async (request) => {
        const token = request.loadSpec || request.headers.Authorization ? null : await latest.current()
        if (token) request.headers.Authorization = `Bearer ${token}`
        return request
      },
    })
  }, [])
  return <div ref={element} className="api-docs mt-6" />
}

/** Swagger UI looks for a class of its own on the document. */
function useSwaggerTheme() {
  const { shown } = useTheme()
  useEffect(() => {
    document.documentElement.classList.toggle("dark-mode", shown === "dark")
    return () => document.documentElement.classList.remove("dark-mode")
  }, [shown])
}
