//! Secrets from a person or a program: a file, the environment, a prompt, stdin. Never from an argument, which every user of the machine can read.

use std::{
    io::{IsTerminal as _, Read as _, Write as _},
    path::Path,
};

use anyhow::{Context as _, bail};
use secrecy::SecretString;

/// Longest secret that is read, bytes: an endless file must not fill the memory.
const LIMIT: u64 = 64 * 1024;

/// Where a secret may come from, strongest first; the prompt is last and needs a terminal.
pub(crate) struct Sources<'a> {
    /// A file that was named.
    pub file: Option<&'a Path>,
    /// An environment variable.
    pub variable: Option<&'a str>,
    /// What to ask for.
    pub prompt: &'a str,
    /// Asked for twice, because it is new.
    pub twice: bool,
}

/// The secret, without the line end.
pub(crate) fn secret(sources: &Sources<'_>) -> anyhow::Result<SecretString> {
    if let Some(path) = sources.file {
        let file = std::fs::File::open(path)
            .with_context(|| format!("{} cannot be read", path.display()))?;
        return read(file).with_context(|| format!("{} holds no secret", path.display()));
    }
    if let Some(value) = sources
        .variable
        .and_then(|name| std::env::var(name).ok())
        .filter(|v| !v.is_empty())
    {
        return Ok(value.into());
    }
    if std::io::stdin().is_terminal() {
        return prompt(sources);
    }
    read(std::io::stdin()).with_context(|| format!("{}: nothing came from stdin", sources.prompt))
}

fn read(from: impl std::io::Read) -> anyhow::Result<SecretString> {
    let mut text = String::new();
    from.take(LIMIT).read_to_string(&mut text)?;
    let text = text.trim_end_matches(['\n', '\r']);
    if text.is_empty() {
        bail!("it is empty");
    }
    Ok(text.into())
}

fn prompt(sources: &Sources<'_>) -> anyhow::Result<SecretString> {
    let first = rpassword::prompt_password(format!("{}: ", sources.prompt))?;
    if sources.twice && rpassword::prompt_password(format!("{} again: ", sources.prompt))? != first
    {
        bail!("the two were different; nothing was changed");
    }
    if first.is_empty() {
        bail!("{}: nothing was entered", sources.prompt);
    }
    Ok(first.into())
}

/// One visible line from a person; `instead` says what to give where there is nobody to ask.
pub(crate) fn text(prompt: &str, instead: &str) -> anyhow::Result<String> {
    if !std::io::stdin().is_terminal() {
        bail!("there is nobody to ask here; use {instead}");
    }
    write!(std::io::stderr(), "{prompt}: ")?;
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(line.trim().to_owned())
}
