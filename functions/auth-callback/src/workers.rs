//! The entries on Cloudflare Workers.

workers::fetch_entry!(crate::route);
workers::scheduled_entry!(crate::tidy);
