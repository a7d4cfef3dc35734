//! What runs in the containers of tests/docker.rs: a pretended Gateway that ends, eats or is stubborn as its environment
//! says, and the few commands that the tests run beside it.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream, UdpSocket},
    process::ExitCode,
    time::Duration,
};

use tokio::signal::unix::{SignalKind, signal};

/// Where `say` hands its line to the main process; loopback of the container.
const SAY: &str = "127.0.0.1:18790";
const GATEWAY: &str = "0.0.0.0:18789";

fn main() -> ExitCode {
    let mut words = std::env::args();
    let called = words.next().unwrap_or_default();
    let name = called.rsplit('/').next().unwrap_or_default().to_owned();
    let words: Vec<String> = words.collect();
    match command(&name, &words) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{name}: {error}");
            ExitCode::from(2)
        }
    }
}

fn command(name: &str, words: &[String]) -> std::io::Result<u8> {
    let word = |at: usize| words.get(at).map(String::as_str).unwrap_or_default();
    match name {
        "cat" => cat(),
        "false" => Ok(1),
        "read" => say_out(&std::fs::read(word(0))?),
        "write" => std::fs::write(word(0), word(1)).map(|()| 0),
        "say" => TcpStream::connect(SAY)?
            .write_all(word(0).as_bytes())
            .map(|()| 0),
        "tcp" => say_out(
            words
                .iter()
                .map(|to| tcp(to))
                .collect::<Vec<_>>()
                .join("\n")
                .as_bytes(),
        ),
        "udp" => UdpSocket::bind("0.0.0.0:0")?
            .send_to(b"x", word(0))
            .map(|_| 0),
        "serve" => serve(words),
        _ if !words.is_empty() => command(word(0), &words[1..]),
        _ => workload(),
    }
}

fn cat() -> std::io::Result<u8> {
    std::io::copy(&mut std::io::stdin(), &mut std::io::stdout()).map(|_| 0)
}

fn say_out(bytes: &[u8]) -> std::io::Result<u8> {
    std::io::stdout().write_all(bytes).map(|()| 0)
}

/// `open`, or why not.
fn tcp(to: &str) -> String {
    let Ok(address) = to.parse::<SocketAddr>() else {
        return format!("{to} malformed");
    };
    let answer = match TcpStream::connect_timeout(&address, Duration::from_millis(700)) {
        Ok(_) => "open".to_owned(),
        Err(error) => format!("{:?}", error.kind()),
    };
    format!("{to} {answer}")
}

fn workload() -> std::io::Result<u8> {
    let program = std::env::var("PROGRAM").unwrap_or_default();
    if let Some(code) = program
        .strip_prefix("exit:")
        .and_then(|code| code.parse().ok())
    {
        return Ok(code);
    }
    if program == "eat" {
        eat();
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    // Before anything can ask it to stop.
    let stopped = runtime.block_on(async { signal(SignalKind::terminate()) });
    std::thread::spawn(listen);
    std::thread::spawn(greet);
    runtime.block_on(wait(stopped?, program == "stubborn"));
    Ok(0)
}

/// Touches every page, so that it counts.
fn eat() {
    let mut eaten = Vec::new();
    loop {
        eaten.push(vec![1u8; 1 << 20]);
        std::hint::black_box(&eaten);
    }
}

async fn wait(mut stopped: tokio::signal::unix::Signal, stubborn: bool) {
    loop {
        stopped.recv().await;
        if !stubborn {
            return;
        }
    }
}

fn listen() {
    let lines = TcpListener::bind(SAY).into_iter().flat_map(incoming);
    for mut line in lines.flatten() {
        let mut text = String::new();
        let _ = line.read_to_string(&mut text);
        let _ = writeln!(std::io::stdout(), "{text}");
        let _ = std::io::stdout().flush();
    }
}

fn greet() {
    let visits = TcpListener::bind(GATEWAY).into_iter().flat_map(incoming);
    for mut visit in visits.flatten() {
        let _ = visit.write_all(b"gateway");
    }
}

fn incoming(listener: TcpListener) -> impl Iterator<Item = std::io::Result<TcpStream>> {
    std::iter::repeat_with(move || listener.accept().map(|(stream, _)| stream))
}

/// Listens on these ports of every address until killed.
fn serve(ports: &[String]) -> std::io::Result<u8> {
    let mut listeners = Vec::new();
    for port in ports {
        listeners.push(TcpListener::bind(format!("0.0.0.0:{port}"))?);
    }
    say_out(b"ready\n")?;
    std::io::stdout().flush()?;
    let threads = listeners
        .into_iter()
        .map(|listener| std::thread::spawn(|| incoming(listener).for_each(drop)));
    for thread in threads.collect::<Vec<_>>() {
        let _ = thread.join();
    }
    Ok(0)
}
