//! nginx as the peer that does nothing but pass on: one worker, no access log, kept-alive connections to the upstream, the key swapped by a map.
//!
//! What it does not do here: no budget, no usage, no events, no rate limit. Lives in the scratch directory and touches no path of the system.

use std::{
    fmt::Write as _,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};

use super::{Door, Target, free_port, listening, log};
use crate::{place::on_proxy_cpu, stub::PROVIDER_KEY, tree::Program};

/// Its best side for long prompts: a body's buffer of 512 KB comes from the heap and stays there. Without this it is sometimes mapped anew for each
/// call, and whether it is (100 or 190 us a call) is decided by luck at the start.
const KEPT_BUFFERS: &str =
    "glibc.malloc.mmap_threshold=33554432:glibc.malloc.trim_threshold=268435456";

/// Ended when dropped.
pub(crate) struct Nginx {
    pub(crate) target: Target,
    _program: Program,
}

impl Nginx {
    /// Starts it with the same bearers as Creel has; `None` where it is not installed.
    pub(crate) async fn start(
        scratch: &Path,
        stub: SocketAddr,
        bearers: &[String],
    ) -> Option<Self> {
        let binary = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx"]
            .into_iter()
            .map(PathBuf::from)
            .find(|path| path.exists())?;
        let directory = scratch.join("nginx");
        std::fs::create_dir_all(&directory).expect("a directory");
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()));
        let file = directory.join("nginx.conf");
        std::fs::write(&file, configuration(&directory, address, stub, bearers)).expect("a file");
        let mut command = on_proxy_cpu(&binary);
        command
            .arg("-p")
            .arg(&directory)
            .arg("-e")
            .arg(directory.join("error.log"))
            .arg("-c")
            .arg(&file);
        command.env("GLIBC_TUNABLES", KEPT_BUFFERS);
        command
            .stdout(log(&directory, "out"))
            .stderr(log(&directory, "err"));
        let mut program = Program::new(command.spawn().expect("nginx starts"));
        listening(address, &mut program, "nginx", Duration::from_secs(10)).await;
        let doors = bearers.iter().map(|bearer| Door {
            address,
            bearer: bearer.clone(),
        });
        Some(Self {
            target: Target::new("nginx", doors.collect(), Some(&program)),
            _program: program,
        })
    }
}

fn configuration(
    directory: &Path,
    address: SocketAddr,
    stub: SocketAddr,
    bearers: &[String],
) -> String {
    let (mut authorization, mut api_key) = (String::new(), String::new());
    for bearer in bearers {
        let _ = writeln!(
            authorization,
            "    \"Bearer {bearer}\" \"Bearer {PROVIDER_KEY}\";"
        );
        let _ = writeln!(api_key, "    \"{bearer}\" \"{PROVIDER_KEY}\";");
    }
    let user = if rustix::process::geteuid().is_root() {
        "user root;"
    } else {
        ""
    };
    let dir = directory.display();
    format!(
        r#"{user}
daemon off;
worker_processes 1;
pid {dir}/nginx.pid;
error_log {dir}/error.log warn;
events {{ worker_connections 16384; }}
http {{
  access_log off;
  tcp_nodelay on;
  keepalive_timeout 75s;
  keepalive_requests 1000000000;
  client_max_body_size 32m;
  client_body_buffer_size 512k;
  client_body_temp_path {dir}/body;
  proxy_temp_path {dir}/proxy;
  fastcgi_temp_path {dir}/fastcgi;
  uwsgi_temp_path {dir}/uwsgi;
  scgi_temp_path {dir}/scgi;
  map_hash_max_size 8192;
  map_hash_bucket_size 256;
  map $http_authorization $authorization {{
    default "";
{authorization}  }}
  map $http_x_api_key $api_key {{
    default "";
{api_key}  }}
  upstream stub {{
    server {stub};
    keepalive 1024;
    keepalive_requests 1000000000;
  }}
  server {{
    listen {address} backlog=4096;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Authorization $authorization;
    proxy_set_header x-api-key $api_key;
    location = /v1/chat/completions {{ proxy_pass http://stub; }}
    location = /v1/messages {{ proxy_pass http://stub; }}
  }}
}}
"#
    )
}
