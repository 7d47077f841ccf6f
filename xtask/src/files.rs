//! Copies of folders.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use anyhow::Result;

/// Copies a folder with all in it, readable for everybody: as root, Postgres runs as another user.
pub fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    fs::set_permissions(to, fs::Permissions::from_mode(0o755))?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else if kind.is_symlink() {
            symlink(fs::read_link(entry.path())?, &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
            let mode = fs::metadata(&target)?.permissions().mode() | 0o444;
            fs::set_permissions(&target, fs::Permissions::from_mode(mode))?;
        }
    }
    Ok(())
}

/// Makes `to` the same as `from`, file by file, so that whoever reads it meanwhile always finds all of it: first what
/// is new, each file in one step and those that `is_last` names at the end, then what is no more goes.
pub fn replace_folder(from: &Path, to: &Path, is_last: fn(&Path) -> bool) -> Result<()> {
    let (mut new, mut old) = (BTreeSet::new(), BTreeSet::new());
    list(from, Path::new(""), &mut new)?;
    if to.exists() {
        list(to, Path::new(""), &mut old)?;
    }
    let (last, first): (Vec<_>, Vec<_>) = new.iter().partition(|file| is_last(file));
    for file in first.into_iter().chain(last) {
        let (source, target) = (from.join(file), to.join(file));
        if fs::read(&source)? == fs::read(&target).unwrap_or_default() && target.exists() {
            continue;
        }
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        let beside = target.with_extension("new");
        fs::copy(&source, &beside)?;
        fs::rename(&beside, &target)?;
    }
    for file in old.difference(&new) {
        fs::remove_file(to.join(file))?;
    }
    Ok(())
}

/// All files below a folder, relative to it.
fn list(folder: &Path, below: &Path, files: &mut BTreeSet<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder.join(below))? {
        let entry = entry?;
        let path = below.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            list(folder, &path, files)?;
        } else {
            files.insert(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replaced_folder_is_the_new_one() {
        let root = std::env::temp_dir().join(format!("persona-files-{}", std::process::id()));
        let (from, to) = (root.join("from"), root.join("to"));
        for (file, text) in [
            ("from/index.html", "new"),
            ("from/assets/b.js", "b"),
            ("to/index.html", "old"),
            ("to/assets/a.js", "a"),
        ] {
            let file = root.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        replace_folder(&from, &to, |file| {
            file.extension().is_some_and(|kind| kind == "html")
        })
        .unwrap();
        let mut files = BTreeSet::new();
        list(&to, Path::new(""), &mut files).unwrap();
        assert_eq!(files, ["assets/b.js", "index.html"].map(PathBuf::from).into());
        assert_eq!(fs::read_to_string(to.join("index.html")).unwrap(), "new");
        fs::remove_dir_all(root).unwrap();
    }
}
