//! Postgres and PgBouncer.

use std::fs::Permissions;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use fs_err as fs;

use super::{Instance, READY_WITHIN};
use crate::builds::HostTools;
use crate::guard::Stop;
use crate::paths::Paths;
use crate::process::{Lines, Process, Ready};
use crate::run;
use crate::settings::POSTGRES_USER;
use crate::setup;

impl Instance<'_> {
    /// A command. If xtask is root, it runs as an unprivileged user, who owns `folder`.
    fn unprivileged(&self, program: &Path, folder: &Path) -> Result<Command> {
        setup::create(folder)?;
        let mut command = Command::new(program);
        // The folders above may be closed to this user.
        command.current_dir("/");
        if let Some((user, group)) = setup::unprivileged_user() {
            chown(folder, Some(user), Some(group))
                .with_context(|| format!("{} cannot change its owner", folder.display()))?;
            command.uid(user).gid(group);
        }
        Ok(command)
    }

    /// Postgres. Creates its data folder if missing. `durable`: with fsync.
    pub fn postgres(&self, binaries: &Path, durable: bool) -> Result<Process> {
        let folder = self.folder.join("postgres");
        let data = folder.join("data");
        if !data.join("PG_VERSION").exists() {
            self.init_postgres(binaries, &folder, &data)?;
        }
        let mut settings = vec![
            format!("port={}", self.ports.postgres()),
            "listen_addresses=127.0.0.1".into(),
            "unix_socket_directories=".into(),
            "max_connections=100".into(),
            "shared_buffers=64MB".into(),
            "max_wal_size=256MB".into(),
            "jit=off".into(),
            "log_min_messages=warning".into(),
        ];
        if !durable {
            settings
                .extend(["fsync=off", "synchronous_commit=off", "full_page_writes=off"].map(String::from));
        }
        let mut command = self.unprivileged(&binaries.join("bin/postgres"), &folder)?;
        command.arg("-D").arg(&data);
        for setting in settings {
            command.arg("-c").arg(setting);
        }
        Ok(Process {
            name: "postgres",
            command,
            stop: Stop::Interrupt,
            ready: Ready::Postgres {
                port: self.ports.postgres(),
                user: POSTGRES_USER,
                database: "postgres",
            },
            ready_within: READY_WITHIN,
            lines: Lines::default(),
            watched: false,
        })
    }

    fn init_postgres(&self, binaries: &Path, folder: &Path, data: &Path) -> Result<()> {
        let unfinished = folder.join("unfinished");
        let _ = fs::remove_dir_all(&unfinished);
        let mut command = self.unprivileged(&binaries.join("bin/initdb"), folder)?;
        command.arg("-D").arg(&unfinished).args(["-U", POSTGRES_USER]);
        command.args([
            "--auth=trust",
            "--encoding=UTF8",
            "--no-instructions",
            "--no-sync",
        ]);
        command.args([
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ]);
        command.env("LC_ALL", "C");
        let help = "If xtask is root, Postgres runs as another user, who needs access to its data: set PERSONA_STATE to a folder \
                    that this user can reach, not below /root.";
        run::step("new Postgres data", help, &mut command)?;
        fs::rename(&unfinished, data).context("the new Postgres data folder cannot be renamed")
    }

    /// PgBouncer in transaction mode, which replaces Hyperdrive.
    pub fn pooler(&self, pgbouncer: &Path) -> Result<Process> {
        let folder = self.folder.join("pgbouncer");
        let mut command = self.unprivileged(pgbouncer, &folder)?;
        let users = folder.join("users.txt");
        let file = folder.join("pgbouncer.ini");
        fs::write(&users, format!("\"{POSTGRES_USER}\" \"\"\n"))?;
        let (port, upstream) = (self.ports.pooler(), self.ports.postgres());
        let ini = format!(
            "[databases]\n* = host=127.0.0.1 port={upstream} user={POSTGRES_USER}\n\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
             listen_port = {port}\nunix_socket_dir =\nauth_type = trust\nauth_file = {}\nadmin_users = {POSTGRES_USER}\n\
             pool_mode = transaction\nmax_client_conn = 1000\ndefault_pool_size = 20\nserver_login_retry = 1\n\
             ignore_startup_parameters = extra_float_digits\nlog_connections = 0\nlog_disconnections = 0\nlog_stats = 0\n",
            users.display()
        );
        fs::write(&file, ini)?;
        for readable in [&file, &users] {
            fs::set_permissions(readable, Permissions::from_mode(0o644))?;
        }
        command.arg(&file);
        Ok(Process {
            name: "pgbouncer",
            command,
            // SIGINT waits for clients.
            stop: Stop::Terminate,
            ready: Ready::Postgres {
                port,
                user: POSTGRES_USER,
                database: "pgbouncer",
            },
            ready_within: READY_WITHIN,
            lines: Lines::default(),
            watched: false,
        })
    }

    /// The command that applies the migrations and creates the database if missing.
    pub fn migrate(&self, tools: &HostTools, database: &str) -> Command {
        let mut command = migrate(self.paths, &tools.migrate, database);
        command.arg("--create");
        command
    }
}

/// The command that applies the migrations.
pub fn migrate(paths: &Paths, program: &Path, database: &str) -> Command {
    let mut command = paths.command(program);
    command.arg("--dir").arg(paths.root.join("migrations"));
    // In the environment, because all users of the machine can read arguments.
    command.env("DATABASE_URL", database);
    command
}
