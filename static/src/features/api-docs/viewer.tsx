import { useAuth } from "@clerk/react"
import { useEffect, useRef } from "react"
import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js"
import "swagger-ui-dist/swagger-ui.css"

import { paths } from "@/lib/paths"
import { useTheme } from "@/lib/theme"

import "./viewer.css"

/** Swagger UI. It is not a React component: it renders into an element once. */
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
      // By default Swagger UI calls an external validator.
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

/** Swagger UI expects its own class on the document element. */
function useSwaggerTheme() {
  const { shown } = useTheme()
  useEffect(() => {
    document.documentElement.classList.toggle("dark-mode", shown === "dark")
    return () => document.documentElement.classList.remove("dark-mode")
  }, [shown])
}
