//! Copying of folders.

use std::collections::BTreeSet;
use std::fs::Permissions;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use anyhow::Result;
use fs_err as fs;
use walkdir::WalkDir;

/// Copies a folder and makes it readable for all users: if xtask runs as root, Postgres runs as another user.
pub fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    for entry in WalkDir::new(from) {
        let entry = entry?;
        let target = to.join(entry.path().strip_prefix(from)?);
        if entry.file_type().is_dir() {
            fs::create_dir_all(&target)?;
            fs::set_permissions(&target, Permissions::from_mode(0o755))?;
        } else if entry.path_is_symlink() {
            symlink(fs::read_link(entry.path())?, &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
            let mode = entry.metadata()?.permissions().mode() | 0o444;
            fs::set_permissions(&target, Permissions::from_mode(mode))?;
        }
    }
    Ok(())
}

/// Makes `to` equal to `from`, file by file, while another program serves it. New files are written
/// first, atomically, those that `is_last` selects last; then extra files are removed.
pub fn replace_folder(from: &Path, to: &Path, is_last: fn(&Path) -> bool) -> Result<()> {
    let (new, old) = (files_below(from)?, files_below(to).unwrap_or_default());
    let (last, first): (Vec<_>, Vec<_>) = new.iter().partition(|file| is_last(file));
    for file in first.into_iter().chain(last) {
        let (source, target) = (from.join(file), to.join(file));
        if target.exists() && fs::read(&source)? == fs::read(&target).unwrap_or_default() {
            continue;
        }
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        let temporary = target.with_extension("new");
        fs::copy(&source, &temporary)?;
        fs::rename(&temporary, &target)?;
    }
    for file in old.difference(&new) {
        fs::remove_file(to.join(file))?;
    }
    Ok(())
}

/// All files below a folder, relative to it.
fn files_below(folder: &Path) -> Result<BTreeSet<PathBuf>> {
    let mut files = BTreeSet::new();
    for entry in WalkDir::new(folder) {
        let entry = entry?;
        if !entry.file_type().is_dir() {
            files.insert(entry.path().strip_prefix(folder)?.to_path_buf());
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replaced_folder_equals_the_new_one() {
        let root = tempfile::tempdir().unwrap();
        let (from, to) = (root.path().join("from"), root.path().join("to"));
        for (file, text) in [
            ("from/index.html", "new"),
            ("from/assets/b.js", "b"),
            ("to/index.html", "old"),
            ("to/assets/a.js", "a"),
        ] {
            let file = root.path().join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        replace_folder(&from, &to, |file| {
            file.extension().is_some_and(|kind| kind == "html")
        })
        .unwrap();
        let files = files_below(&to).unwrap();
        assert_eq!(files, ["assets/b.js", "index.html"].map(PathBuf::from).into());
        assert_eq!(fs::read_to_string(to.join("index.html")).unwrap(), "new");
    }
}
