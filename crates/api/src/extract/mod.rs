//! What handlers take from a request: who asks, path parts, queries, JSON bodies. Each refuses with the one envelope.

mod body;
mod caller;
mod client;
mod credential;
pub(crate) mod csrf;
mod param;
mod query;
mod report;

pub(crate) use body::{Body, Hashed, LongBody};
pub(crate) use caller::{
    Authorized, Gate, InstanceDelete, InstanceRead, InstanceWrite, Need, Operate, Public,
    SecretWrite, SignedIn, TokenManage,
};
pub(crate) use client::Client;
pub(crate) use credential::{cookie, expired_cookie};
pub(crate) use param::Param;
pub(crate) use query::Query;
pub(crate) use report::{PATH as REPORT_PATH, Report};
