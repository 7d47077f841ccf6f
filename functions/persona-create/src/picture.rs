//! Recognises pictures by their content. A file's name and content type prove nothing.

use imagesize::{ImageType, blob_size, image_type};

/// A recognised picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Picture {
    /// `image/png`, `image/jpeg` or `image/webp`.
    pub mime: &'static str,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
}

/// Recognises a PNG, JPEG or WebP picture of at least one pixel.
pub fn recognise(bytes: &[u8]) -> Option<Picture> {
    let mime = match image_type(bytes).ok()? {
        ImageType::Png => "image/png",
        ImageType::Jpeg => "image/jpeg",
        ImageType::Webp => "image/webp",
        _ => return None,
    };
    let size = blob_size(bytes).ok()?;
    let (width, height) = (u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?);
    (width > 0 && height > 0).then_some(Picture { mime, width, height })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x03\x08\x06\0\0\0\0\0\0\0";

    #[test]
    fn only_content_counts() {
        let png = Picture {
            mime: "image/png",
            width: 2,
            height: 3,
        };
        for (bytes, expected) in [
            (PNG, Some(png)),
            (&PNG[..12], None),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
            (b"GIF89a\x01\0\x01\0\0\0\0", None),
            (b"<html>", None),
            (b"", None),
        ] {
            assert_eq!(recognise(bytes), expected, "{bytes:?}");
        }
    }
}
