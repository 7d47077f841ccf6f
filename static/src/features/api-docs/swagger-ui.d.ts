declare module "swagger-ui-dist/swagger-ui-es-bundle.js" {
  export interface SwaggerRequest {
    headers: Record<string, string>
    /** Whether this request loads the document. */
    loadSpec?: boolean
  }

  export default function SwaggerUI(options: {
    domNode: HTMLElement
    url: string
    validatorUrl: null
    deepLinking: boolean
    defaultModelsExpandDepth: number
    displayRequestDuration: boolean
    tryItOutEnabled: boolean
    requestInterceptor: (request: SwaggerRequest) => Promise<SwaggerRequest>
  }): void
}
