//! `stage`: plays Telegram and a model vendor for a browser test, until its standard input ends; or fills a database with a fleet to look at.

#![expect(
    clippy::print_stdout,
    reason = "a program for tests: its first line says where it is"
)]

mod release;
mod seed;

use std::{error::Error, net::SocketAddr};

use creel_testkit::stage::{Addresses, Stage};

const USAGE: &str = "stage [--control PORT] [--telegram PORT] [--llm PORT]
stage seed --database URL --email OWNER [--instances 500] [--days 90]
stage release --database URL --image SHA256";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("seed") => seed::run(&Options(&arguments)).await,
        Some("release") => release::run(&Options(&arguments)).await,
        Some("--help") => {
            println!("{USAGE}");
            Ok(())
        }
        _ => play(&Options(&arguments)).await,
    }
}

/// `--name value` pairs.
pub(crate) struct Options<'a>(&'a [String]);

impl Options<'_> {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let at = self.0.iter().position(|word| word == name)?;
        self.0.get(at + 1).map(String::as_str)
    }

    pub(crate) fn need(&self, name: &str) -> Result<&str, Box<dyn Error>> {
        self.get(name)
            .ok_or_else(|| format!("{name} is missing\n{USAGE}").into())
    }

    pub(crate) fn number(&self, name: &str, default: usize) -> Result<usize, Box<dyn Error>> {
        self.get(name).map_or(Ok(default), |text| Ok(text.parse()?))
    }
}

async fn play(options: &Options<'_>) -> Result<(), Box<dyn Error>> {
    let at = |name: &str| -> Result<SocketAddr, Box<dyn Error>> {
        let port = u16::try_from(options.number(name, 0)?)?;
        Ok(SocketAddr::from(([127, 0, 0, 1], port)))
    };
    let stage = Stage::start(Addresses {
        control: at("--control")?,
        telegram: at("--telegram")?,
        llm: at("--llm")?,
    })
    .await?;
    println!("{}", stage.addresses());
    // Whoever started this holds the other end: when they die, however, this ends too.
    std::io::copy(&mut std::io::stdin(), &mut std::io::sink())?;
    Ok(())
}
