//! The entry on Cloudflare Workers: the other functions and the assets are bindings.

use edge::{
    Error, Host, Request, Response,
    outbound::{ASSET_MS_MAX, DISPATCH_MS_MAX},
};
use http::HeaderValue;
use workers::WorkersHost;

use crate::{pages::Pages, routes::Service};

workers::fetch_entry!(crate::route);

impl Pages for WorkersHost {
    async fn forward(&self, service: Service, mut request: Request) -> Result<Response, Error> {
        let binding = match service {
            Service::AuthCallback => "AUTH_CALLBACK",
            Service::DashboardData => "DASHBOARD_DATA",
            Service::PersonaCreate => "PERSONA_CREATE",
            Service::PersonaTalk => "PERSONA_TALK",
        };
        if let Ok(value) = HeaderValue::try_from(self.request_id().to_string()) {
            request.headers_mut().insert("x-request-id", value);
        }
        self.to_binding(binding, request, DISPATCH_MS_MAX).await
    }

    async fn asset(&self, request: Request) -> Result<Response, Error> {
        self.to_binding("ASSETS", request, ASSET_MS_MAX).await
    }
}
