//! A vendor that plays a script of bytes, once, and is well otherwise.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use socket2::SockRef;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};
use tokio_util::task::AbortOnDropHandle;

use crate::way::Way;

/// Longest that a script holds its connection.
const HELD: Duration = Duration::from_secs(20);

/// One thing that a vendor does.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Say(Bytes),
    /// The same again and again.
    Repeat(Bytes, usize),
    /// Byte by byte.
    Drip(Bytes, Duration),
    Wait(Duration),
    /// Nothing more, until the other side leaves.
    Hang,
    /// Reads what still comes.
    Drain,
    /// The connection is torn.
    Reset,
}

/// What is done with one connection.
#[derive(Debug, Clone, Default)]
pub(crate) struct Script {
    pub(crate) steps: Vec<Step>,
    /// Plays before the request was read.
    pub(crate) deaf: bool,
}

/// The stub.
pub(crate) struct Wire {
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
    _serving: AbortOnDropHandle<()>,
}

#[derive(Default)]
struct Shared {
    scripts: Mutex<Vec<Script>>,
    /// Connections so far.
    met: Mutex<usize>,
}

impl Wire {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared::default());
        let serving = tokio::spawn(serve(listener, Arc::clone(&shared)));
        Self {
            address,
            shared,
            _serving: AbortOnDropHandle::new(serving),
        }
    }

    /// The next connection meets this.
    pub(crate) fn plan(&self, script: Script) {
        self.shared.scripts.lock().unwrap().insert(0, script);
    }

    /// How many connections there were.
    pub(crate) fn met(&self) -> usize {
        *self.shared.met.lock().unwrap()
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            return;
        };
        *shared.met.lock().unwrap() += 1;
        let script = shared.scripts.lock().unwrap().pop();
        tokio::spawn(timeout(HELD, answer(stream, script)));
    }
}

async fn answer(mut stream: TcpStream, script: Option<Script>) {
    stream.set_nodelay(true).unwrap();
    let Some(script) = script else {
        let path = request(&mut stream).await;
        let _left = stream.write_all(&Way::of_vendor(&path).well()).await;
        return;
    };
    if script.deaf {
        let _hello = stream.read(&mut [0; 1024]).await;
    } else {
        request(&mut stream).await;
    }
    for step in script.steps {
        if play(&mut stream, step).await.is_err() {
            return;
        }
    }
}

async fn play(stream: &mut TcpStream, step: Step) -> std::io::Result<()> {
    match step {
        Step::Say(bytes) => stream.write_all(&bytes).await?,
        Step::Repeat(bytes, times) => {
            for _ in 0..times {
                stream.write_all(&bytes).await?;
            }
        }
        Step::Drip(bytes, pause) => {
            for byte in bytes {
                stream.write_all(&[byte]).await?;
                sleep(pause).await;
            }
        }
        Step::Wait(pause) => sleep(pause).await,
        Step::Hang => {
            let _left = stream.read(&mut [0; 1]).await;
        }
        Step::Drain => while stream.read(&mut [0; 4096]).await? > 0 {},
        Step::Reset => {
            SockRef::from(&*stream).set_linger(Some(Duration::ZERO))?;
            return Err(std::io::ErrorKind::Other.into());
        }
    }
    stream.flush().await
}

/// Reads a request to its end; its path.
async fn request(stream: &mut TcpStream) -> String {
    let (mut head, mut buffer) = (Vec::new(), vec![0; 64 * 1024]);
    let mut body = loop {
        let read = stream.read(&mut buffer).await.unwrap_or(0);
        head.extend_from_slice(&buffer[..read]);
        let end = head.windows(4).position(|four| four == b"\r\n\r\n");
        match end {
            Some(end) => break head.split_off(end + 4).len(),
            None if read == 0 => break 0,
            None => {}
        }
    };
    let head = String::from_utf8_lossy(&head).into_owned();
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let named = name.eq_ignore_ascii_case("content-length");
        named.then(|| value.trim().parse::<usize>().unwrap())
    });
    while body < length.unwrap_or(0) {
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => break,
            Ok(read) => body += read,
        }
    }
    head.split(' ').nth(1).unwrap_or_default().to_owned()
}
