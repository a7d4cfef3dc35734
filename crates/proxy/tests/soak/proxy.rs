//! The proxy's process from outside: started, killed, asked to end.

use std::{
    collections::HashMap,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
};

use creel_domain::InstanceId;
use creel_testkit::llm::StubLlm;

use crate::child;

/// A running one.
pub(crate) struct Process {
    child: Child,
    output: BufReader<ChildStdout>,
    pub(crate) bound: HashMap<InstanceId, SocketAddr>,
}

impl Process {
    /// Returns when it admits calls.
    pub(crate) fn start(database: &str, journal: &Path, stub: &StubLlm) -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "the test starts itself as another process, to kill it"
        )]
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child::child", "--nocapture"])
            .env(child::DATABASE, database)
            .env(child::JOURNAL, journal)
            .env(child::OPENAI, stub.openai_base())
            .env(child::ANTHROPIC, stub.anthropic_base())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let mut process = Self {
            child,
            output,
            bound: HashMap::new(),
        };
        process.wait_for("ready");
        process
    }

    /// As the kernel kills it when memory is short: between two instructions.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// In good order.
    pub(crate) fn drain(mut self) {
        drop(self.child.stdin.take());
        self.wait_for("drained");
        assert!(self.child.wait().unwrap().success());
    }

    fn wait_for(&mut self, word: &str) {
        loop {
            let mut line = String::new();
            let read = self.output.read_line(&mut line).unwrap();
            assert!(read > 0, "the proxy ended before it said `{word}`");
            let Some((_, told)) = line.trim_end().split_once(child::MARK) else {
                continue;
            };
            let mut words = told.split_whitespace();
            match (words.next(), words.next(), words.next()) {
                (Some("bound"), Some(instance), Some(address)) => {
                    let instance = instance.parse().unwrap();
                    self.bound.insert(instance, address.parse().unwrap());
                }
                (Some(said), ..) if said == word => return,
                _ => {}
            }
        }
    }
}
