//! The entry on Cloudflare Workers.

workers::fetch_entry!(crate::route);
