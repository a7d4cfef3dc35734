//! LiteLLM's proxy: one worker, a master key, no database, which is the kindest way to run it. Installed by `deploy/setup/litellm.sh`.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};

use super::{Door, Target, free_port, listening, log};
use crate::{place::on_proxy_cpu, stub::PROVIDER_KEY, tree::Program};

const MASTER_KEY: &str = "sk-bench-master";
/// It imports for a while.
const PATIENCE: Duration = Duration::from_mins(2);

/// Ended when dropped.
pub(crate) struct LiteLlm {
    pub(crate) target: Target,
    _program: Program,
}

impl LiteLlm {
    /// Starts it; `None` where it is not installed.
    pub(crate) async fn start(scratch: &Path, stub: SocketAddr) -> Option<Self> {
        let cache = std::env::var_os("CREEL_CACHE").map(PathBuf::from)?;
        let binary = Some(cache.join("litellm/bin/litellm")).filter(|path| path.exists())?;
        let directory = scratch.join("litellm");
        std::fs::create_dir_all(&directory).expect("a directory");
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()));
        let file = directory.join("config.yaml");
        std::fs::write(&file, configuration(stub)).expect("a file");
        let mut command = on_proxy_cpu(&binary);
        command.arg("--config").arg(&file).args([
            "--num_workers",
            "1",
            "--telemetry",
            "False",
            "--host",
            "127.0.0.1",
        ]);
        command.args(["--port", &address.port().to_string()]);
        command
            .env("LITELLM_LOCAL_MODEL_COST_MAP", "True")
            .env("LITELLM_LOG", "ERROR")
            .current_dir(&directory);
        command
            .stdout(log(&directory, "out"))
            .stderr(log(&directory, "err"));
        let mut program = Program::new(command.spawn().expect("LiteLLM starts"));
        listening(address, &mut program, "LiteLLM", PATIENCE).await;
        let bearer = MASTER_KEY.to_owned();
        Some(Self {
            target: Target::new("litellm", vec![Door { address, bearer }], Some(&program)),
            _program: program,
        })
    }
}

fn configuration(stub: SocketAddr) -> String {
    format!(
        "model_list:\n  - model_name: gpt-5.4-mini\n    litellm_params:\n      model: openai/gpt-5.4-mini\n      api_base: http://{stub}/v1\n      api_key: {PROVIDER_KEY}\n\
         general_settings:\n  master_key: {MASTER_KEY}\nlitellm_settings:\n  num_retries: 0\n"
    )
}
