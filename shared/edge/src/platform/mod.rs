//! The runtimes. The target triple alone chooses; nothing outside this folder and the functions' entries names one.

#[cfg(target_arch = "wasm32")]
pub mod workers;
