//! Pictures: uploaded once, never changed, served from the nearest cache.

use api::{
    StoredFile,
    limits::{AVATAR_BYTES_MAX, AVATAR_SIDE_PX_MAX},
};
use edge::{
    Body, Error, Files, Request, Response, authenticate,
    db::files,
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
    // Whoever knows the id may read the picture, so it must not be guessable from the time.
    let id = ids::unguessable()?;
    let file = StoredFile {
        id,
        url: format!("/api/files/{id}"),
        mime: picture.mime.into(),
        bytes: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
        width: picture.width,
        height: picture.height,
    };
    host.put_file(&files::key(id), picture.mime, bytes).await?;
    let recorded = async { files::insert(&caller.database(host).await?, caller.user_id(), &file).await };
    if let Err(error) = recorded.await {
        // Nobody knows of the picture: neither the person nor the table by which their things are erased.
        if host.delete_files(vec![files::key(id)]).await.is_err() {
            host.log(&format!("file {id} is nobody's"));
        }
        return Err(error.into());
    }
    json(StatusCode::CREATED, &file)
}

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
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
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
