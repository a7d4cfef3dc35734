//! Against the real OpenClaw image: what the generator writes is accepted, and a Gateway started from it answers.
//!
//! Needs a container engine and the image; without them these tests fail, they are never skipped. Every engine object they make
//! is named after this process and removed again.

#[cfg(test)]
mod cases;
#[cfg(test)]
mod stub;
#[cfg(test)]
mod workload;
