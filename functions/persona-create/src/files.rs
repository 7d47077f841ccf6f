//! Pictures: uploaded once, never changed, deleted with their owner.

use api::{
    StoredFile,
    limits::{AVATAR_BYTES_MAX, AVATAR_SIDE_PX_MAX, FILES_BYTES_MAX, UPLOADS_A_DAY_MAX},
};
use edge::{
    Body, Error, Files, Request, Response, authenticate,
    db::files::{self, Room},
    ids, json,
    request::{check_length, header_text},
};
use http::{HeaderValue, StatusCode, header};
use uuid::Uuid;

use crate::picture;

/// `POST /api/files`: stores a picture. The body is the picture itself; its content decides what it is.
pub async fn upload(request: Request, host: &impl Files) -> Result<Response, Error> {
    let caller = authenticate(&request, host).await?;
    check_length(request.headers(), AVATAR_BYTES_MAX)?;
    let bytes = request.into_body().read(AVATAR_BYTES_MAX).await?;
    let picture = picture::recognise(&bytes).ok_or(Error::UnsupportedMediaType(
        "This is not a PNG, JPEG or WebP picture.",
    ))?;
    if picture.width as usize > AVATAR_SIDE_PX_MAX || picture.height as usize > AVATAR_SIDE_PX_MAX {
        return Err(Error::UnsupportedMediaType(
            "This picture is too large: 8192 pixels a side are the most.",
        ));
    }
    // Anybody who knows the id may read the picture, so the id must not be guessable.
    let id = ids::unguessable()?;
    let file = StoredFile {
        id,
        url: format!("/api/files/{id}"),
        mime: picture.mime.into(),
        bytes: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
        width: picture.width,
        height: picture.height,
    };
    admit(files::room(&mut caller.database(host).await?, file.bytes).await?)?;
    host.put_file(&files::key(id), picture.mime, bytes).await?;
    let recorded = async { admit(files::insert(&mut caller.database(host).await?, &file).await?) };
    if let Err(error) = recorded.await {
        // A file without a row would never be found again, not even when its owner's data is erased.
        if host.delete_files(vec![files::key(id)]).await.is_err() {
            host.log_error(&format!("file {id} has no row and could not be deleted"));
        }
        return Err(error);
    }
    json(StatusCode::CREATED, &file)
}

fn admit(room: Room) -> Result<(), Error> {
    match room {
        Room::Left => Ok(()),
        Room::Full => Err(Error::LimitReached(format!(
            "Your pictures take up {} MB, which is the most. A picture that no persona uses is deleted after a day.",
            FILES_BYTES_MAX / 1_048_576
        ))),
        Room::TooMany(reset) => Err(Error::TooMany {
            detail: format!("{UPLOADS_A_DAY_MAX} pictures within 24 hours are the most. Try again later."),
            reset,
        }),
    }
}

/// Only the reader's browser may cache a picture (`private`): a shared cache could not be told to drop an erased one.
/// After five minutes the browser asks again and gets 304, or 404 if the picture was erased. So an erased picture is
/// gone from all caches within five minutes.
const CACHING: &str = "private, max-age=300, must-revalidate";

/// `GET /api/files/{id}`: a picture, for an `<img>`, which cannot send a token. The id is the secret.
pub async fn serve(request: Request, host: &impl Files, id: Uuid) -> Result<Response, Error> {
    let object = host
        .get_file(&files::key(id))
        .await?
        .ok_or(Error::NotFound("file"))?;
    let known = header_text(request.headers(), header::IF_NONE_MATCH.as_str())
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
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    } else {
        response
            .headers_mut()
            .insert(header::CONTENT_LENGTH, object.bytes.into());
        *response.body_mut() = object.body;
    }
    Ok(response)
}
