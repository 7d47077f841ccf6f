//! Shared by the fuzz targets: a development and a production instance of Clerk with keys, tokens
//! and a stub of the Backend API, and the invariants of every authentication result.
//!
//! Inputs are mostly text, so that seeds can be read and written by hand. `{good}` stands for a
//! token signed by the instance, `{good.1}` for its second part: see [`Instance::expand`].

mod backend;
mod instance;
mod invariants;
mod key;
mod tokens;

pub use backend::{StubBackend, ready};
pub use instance::{Instance, NOW_MS, NOW_S};
pub use invariants::{check_header_values, check_state};
pub use key::{KID, Key, base64url};
pub use tokens::{Token, Validity};
