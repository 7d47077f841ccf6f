//! RS256 with WebCrypto. RSA in WASM takes twenty times as long.

use std::{cell::RefCell, collections::HashMap};

use clerk::Jwk;
use js_sys::{Array, Object, Reflect, Uint8Array, futures::JsFuture};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CryptoKey, SubtleCrypto};

/// The number of cached keys. Beyond it the cache is cleared.
const KEYS_MAX: usize = 16;

thread_local! {
    /// Imported keys by modulus. Importing takes longer than verifying.
    static KEYS: RefCell<HashMap<String, CryptoKey>> = RefCell::new(HashMap::new());
}

fn subtle() -> Result<SubtleCrypto, JsValue> {
    let crypto = Reflect::get(&js_sys::global(), &"crypto".into())?;
    Ok(Reflect::get(&crypto, &"subtle".into())?.unchecked_into())
}

fn object(entries: &[(&str, JsValue)]) -> Result<Object, JsValue> {
    let object = Object::new();
    for (name, value) in entries {
        Reflect::set(&object, &(*name).into(), value)?;
    }
    Ok(object)
}

async fn import(key: &Jwk) -> Result<CryptoKey, JsValue> {
    if let Some(imported) = KEYS.with_borrow(|keys| keys.get(&key.n).cloned()) {
        return Ok(imported);
    }
    let jwk = object(&[
        ("kty", "RSA".into()),
        ("alg", "RS256".into()),
        ("n", key.n.as_str().into()),
        ("e", key.e.as_str().into()),
    ])?;
    let algorithm = object(&[("name", "RSASSA-PKCS1-v1_5".into()), ("hash", "SHA-256".into())])?;
    let usages = Array::of1(&"verify".into());
    let promise = subtle()?.import_key_with_object("jwk", &jwk, &algorithm, false, &usages)?;
    let imported: CryptoKey = JsFuture::from(promise).await?.unchecked_into();
    KEYS.with_borrow_mut(|keys| {
        if keys.len() >= KEYS_MAX {
            keys.clear();
        }
        keys.insert(key.n.clone(), imported.clone());
    });
    Ok(imported)
}

async fn verify(key: &Jwk, input: &[u8], signature: &[u8]) -> Result<bool, JsValue> {
    let key = import(key).await?;
    let promise = subtle()?.verify_with_str_and_js_u8_array_and_js_u8_array(
        "RSASSA-PKCS1-v1_5",
        &key,
        &Uint8Array::from(signature),
        &Uint8Array::from(input),
    )?;
    Ok(JsFuture::from(promise).await?.is_truthy())
}

/// Whether the signature is valid. False if the key cannot be imported.
pub(super) async fn verify_rs256(key: &Jwk, input: &[u8], signature: &[u8]) -> bool {
    verify(key, input, signature).await.unwrap_or(false)
}
