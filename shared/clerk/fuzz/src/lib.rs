//! What the fuzz targets share: two instances of Clerk's, a development and a production one, with
//! keys, tokens and a Backend API; and what must hold of every judgement.
//!
//! Inputs are mostly text, so that seeds can be read and written by hand. `{good}` in a text stands
//! for a token that the instance has signed, `{good.1}` for its second part: see [`World::expand`].

mod backend;
mod holds;
mod key;
mod tokens;
mod world;

pub use backend::{Answers, ready};
pub use holds::{headers_are_clean, judgement_holds};
pub use key::{KID, Key, base64url};
pub use tokens::{Token, Worth};
pub use world::{NOW_MS, NOW_S, World};
