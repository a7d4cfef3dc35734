//! One command inside the running container, its input written and its output collected under a cap.

use std::pin::Pin;

use bollard::{
    container::LogOutput,
    errors::Error as Bollard,
    exec::{CreateExecOptions, StartExecResults},
};
use bytes::{Bytes, BytesMut};
use creel_domain::InstanceId;
use futures::{Stream, StreamExt as _};
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

use super::{DockerDriver, answer::No, container};
use crate::{Error, ExecLimit, ExecOutput, names::Names};

type Output = Pin<Box<dyn Stream<Item = Result<LogOutput, Bollard>> + Send>>;
type Input = Pin<Box<dyn AsyncWrite + Send>>;

impl DockerDriver {
    pub(super) async fn run_inside(
        &self,
        id: InstanceId,
        argv: &[String],
        stdin: Option<Bytes>,
        limit: ExecLimit,
    ) -> Result<ExecOutput, Error> {
        let names = Names::of(id);
        let container = self.get_container(&names).await?;
        let exec = self
            .create_exec(
                &container.id.unwrap_or_default(),
                argv,
                stdin.is_some(),
                &names,
            )
            .await?;
        let collected =
            tokio::time::timeout(limit.timeout, self.collect(&exec, stdin, limit)).await;
        let timeout = |_| Error::Timeout {
            call: format!("exec in {}", names.object),
            limit: limit.timeout,
        };
        let mut output = collected.map_err(timeout)??;
        output.code = self.exit_code(&exec).await?;
        Ok(output)
    }

    async fn create_exec(
        &self,
        container_id: &str,
        argv: &[String],
        with_input: bool,
        names: &Names,
    ) -> Result<String, Error> {
        let options = CreateExecOptions {
            attach_stdin: Some(with_input),
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            cmd: Some(argv.to_vec()),
            ..Default::default()
        };
        let answer = self
            .engine
            .ask("create exec", |docker| async move {
                docker.create_exec(container_id, options).await
            })
            .await;
        match answer {
            Ok(exec) => Ok(exec.id),
            // "Container … is not running" and "is paused".
            Err(no) if no.is_status(409) => Err(Error::not_found(format!(
                "running {}",
                container::object(names)
            ))),
            Err(no) => Err(no.about(&container::object(names))),
        }
    }

    async fn collect(
        &self,
        exec: &str,
        stdin: Option<Bytes>,
        limit: ExecLimit,
    ) -> Result<ExecOutput, Error> {
        let answer = self
            .engine
            .ask_within(limit.timeout, "start exec", |docker| async move {
                docker.start_exec(exec, None).await
            })
            .await;
        match answer.map_err(|no| no.about("exec"))? {
            StartExecResults::Attached { output, input } => {
                // Both at once: a command that talks before it has read all would block with us.
                let (read, ()) = tokio::join!(read(output, limit), feed(input, stdin));
                read
            }
            StartExecResults::Detached => Err(Error::refused("the engine detached the exec")),
        }
    }

    async fn exit_code(&self, exec: &str) -> Result<i64, Error> {
        let answer = self
            .engine
            .ask("inspect exec", |docker| async move {
                docker.inspect_exec(exec).await
            })
            .await;
        Ok(answer
            .map_err(|no| no.about("exec"))?
            .exit_code
            .unwrap_or(-1))
    }
}

/// A command that ends without reading its input breaks the pipe: no fault of ours, its exit code tells.
async fn feed(mut input: Input, stdin: Option<Bytes>) {
    if let Some(bytes) = stdin {
        let _ = input.write_all(&bytes).await;
        let _ = input.shutdown().await;
    }
}

async fn read(mut output: Output, limit: ExecLimit) -> Result<ExecOutput, Error> {
    let (mut stdout, mut stderr) = (BytesMut::new(), BytesMut::new());
    while let Some(piece) = output.next().await {
        let piece = piece.map_err(|error| No::from_bollard("read exec", &error).about("exec"))?;
        let to = if matches!(piece, LogOutput::StdErr { .. }) {
            &mut stderr
        } else {
            &mut stdout
        };
        to.extend_from_slice(&piece.into_bytes());
        if stdout.len() + stderr.len() > limit.output_bytes {
            return Err(Error::TooLarge {
                what: "the command's output".to_owned(),
                limit_bytes: limit.output_bytes,
            });
        }
    }
    Ok(ExecOutput {
        code: -1,
        stdout: stdout.freeze(),
        stderr: stderr.freeze(),
    })
}
