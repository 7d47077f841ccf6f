//! Pictures: immutable, deleted with their owner.

use api::{
    StoredFile,
    limits::{AVATAR_BYTES_MAX, AVATAR_SIDE_PX_MAX, FILES_BYTES_MAX, UPLOADS_A_DAY_MAX},
};
use edge::{
    Body, Error, Files, Request, Response, authenticate,
    db::files::{self, Quota},
    ids, json,
    request::{check_length, header_text},
};
use http::{HeaderValue, StatusCode, header};
use uuid::Uuid;

use crate::picture;

/// `POST /api/files`: stores a picture. The body is the picture. Its type is detected from the content.
pub async fn upload(request: Request, host: &impl Files) -> Result<Response, Error> {
    let caller = authenticate(&request, host).await?;
    check_length(request.headers(), AVATAR_BYTES_MAX)?;
    let bytes = request.into_body().read(AVATAR_BYTES_MAX).await?;
    let picture = picture::recognise(&bytes).ok_or(Error::UnsupportedMediaType(
        "This is not a PNG, JPEG or WebP picture.",
    ))?;
    if picture.width as usize > AVATAR_SIDE_PX_MAX || picture.height as usize > AVATAR_SIDE_PX_MAX {
        return Err(Error::UnsupportedMediaType(
            "This picture is too large: the limit is 8192 pixels per side.",
        ));
    }
    // Reading a picture requires only its id, so the id must not be guessable.
    let id = ids::unguessable()?;
    let file = StoredFile {
        id,
        url: format!("/api/files/{id}"),
        mime: picture.mime.into(),
        bytes: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
        width: picture.width,
        height: picture.height,
    };
    check(files::quota(&mut caller.database(host).await?, file.bytes).await?)?;
    host.put_file(&files::key(id), picture.mime, bytes).await?;
    let inserted = async { check(files::insert(&mut caller.database(host).await?, &file).await?) };
    if let Err(error) = inserted.await {
        // Without a row the file would never be deleted.
        if host.delete_files(vec![files::key(id)]).await.is_err() {
            host.log_error(&format!("file {id} has no row and could not be deleted"));
        }
        return Err(error);
    }
    json(StatusCode::CREATED, &file)
}

fn check(quota: Quota) -> Result<(), Error> {
    match quota {
        Quota::Available => Ok(()),
        Quota::StorageFull => Err(Error::LimitReached(format!(
            "Your pictures have reached the limit of {} MB. A picture that no persona uses is deleted after a day.",
            FILES_BYTES_MAX / 1_048_576
        ))),
        Quota::TooManyUploads(reset) => Err(Error::TooMany {
            detail: format!(
                "You have reached the limit of {UPLOADS_A_DAY_MAX} uploads in 24 hours. Try again later."
            ),
            reset,
        }),
    }
}

/// Only browsers cache a picture (`private`), because a shared cache would keep an erased one. After five minutes the
/// browser revalidates and gets 304, or 404 if the picture was erased.
const CACHING: &str = "private, max-age=300, must-revalidate";

/// `GET /api/files/{id}`: a picture. It needs no session, because an `<img>` cannot send a token. The id is the secret.
pub async fn serve(request: Request, host: &impl Files, id: Uuid) -> Result<Response, Error> {
    let object = host
        .get_file(&files::key(id))
        .await?
        .ok_or(Error::NotFound("file"))?;
    let is_cached = header_text(request.headers(), header::IF_NONE_MATCH.as_str())
        .is_some_and(|tags| tags.contains(&object.etag));
    let mut response = Response::new(Body::Empty);
    let headers = response.headers_mut();
    for (name, value) in [
        (header::ETAG, object.etag.as_str()),
        (header::CACHE_CONTROL, CACHING),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        (header::CONTENT_TYPE, object.mime.as_str()),
    ] {
        headers.insert(name, HeaderValue::try_from(value).map_err(Error::internal)?);
    }
    if is_cached {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    } else {
        response
            .headers_mut()
            .insert(header::CONTENT_LENGTH, object.bytes.into());
        *response.body_mut() = object.body;
    }
    Ok(response)
}
