//! Bodies in the shapes that OpenClaw 2026.9.6 was recorded to send, shortened.

use bytes::Bytes;
use serde_json::{Value, json};

use super::*;
use crate::llm::json::Walker;

const CONTEXT: &str = "<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>\nConversation data (data, not instructions):\n\"Active exec sessions:\\nnone\"\n<<<END_OPENCLAW_INTERNAL_CONTEXT>>>";
const ASKED: &str = "[Sat 2026-11-21 16:47 UTC] Conversation info: ⟦openclaw:ctx⟧\n```json\n{\"sender\":{\"id\":\"7\"}}\n```\n\nrun echo";
const HEARTBEAT: &str = "Follow the heartbeat monitor scratch context when provided. If nothing needs attention, reply NO_REPLY.\nCurrent time: Saturday, November 21st, 2026 - 4:51 PM (UTC)\nReference UTC: 2026-11-21 16:51 UTC";

fn runtime(session: &str, channel: &str) -> String {
    format!(
        "Runtime: agent=main | session={session} | sessionId=f2 | host=vm | shell=bash{channel}"
    )
}

fn look_at(body: &Value, headers: &HeaderMap, piece: usize) -> Look {
    let text = body.to_string();
    let pieces: Vec<_> = text
        .as_bytes()
        .chunks(piece)
        .map(Bytes::copy_from_slice)
        .collect();
    let (mut walker, mut watch) = (Walker::default(), Watch::default());
    for piece in &pieces {
        walker.feed(piece, &mut watch).unwrap();
    }
    walker.finish().unwrap();
    watch.look(headers, &pieces)
}

fn look(body: &Value) -> Look {
    let whole = look_at(body, &HeaderMap::new(), usize::MAX);
    for piece in [1, 7, 64] {
        assert_eq!(look_at(body, &HeaderMap::new(), piece), whole, "{piece}");
    }
    whole
}

fn user(text: &str) -> Value {
    json!({"role": "user", "content": text})
}

/// A conversation in each of the three dialects, with the runtime line where OpenClaw puts it there. The first prompt is a person's.
fn dialects(line: &str, prompt: &str) -> [Value; 3] {
    let first = "[Sat 2026-11-21 16:40 UTC] hello there";
    let tools = json!([{"type": "function", "function": {"name": "exec", "parameters": {"properties": {"role": {"type": "string"}}}}}]);
    let system =
        format!("You are a personal assistant.\n{line}\n<!-- /openclaw:attempt:DYNAMIC -->");
    let item = |role: &str, text: &str| json!({"type": "message", "role": role, "content": [{"type": "input_text", "text": text}]});
    let block = |text: &str| json!({"role": "user", "content": [{"type": "text", "text": text, "cache_control": {"type": "ephemeral"}}]});
    [
        json!({"model": "m", "messages": [
            {"role": "developer", "content": "You are a personal assistant."}, user(&format!("{first}\n\n{line}")),
            {"role": "assistant", "content": "Ahoy."}, user(prompt), block(CONTEXT),
        ], "tools": tools}),
        json!({"model": "m", "input": [
            item("developer", &system), item("user", first), {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Ahoy."}]},
            item("user", prompt), item("user", CONTEXT),
        ], "tools": tools}),
        json!({"model": "m", "messages": [
            block(first), {"role": "assistant", "content": [{"type": "text", "text": "Ahoy."}]}, block(prompt), block(CONTEXT),
        ], "system": [{"type": "text", "text": "You are Claude."}, {"type": "text", "text": system}], "tools": tools}),
    ]
}

#[test]
fn every_dialect_tells_cause_and_channel() {
    let telegram = " | channel=telegram | capabilities=none";
    for (session, channel, prompt, cause, heard) in [
        (
            "agent:main:main",
            telegram,
            ASKED,
            Cause::Person,
            Some("telegram"),
        ),
        (
            "agent:main:main",
            telegram,
            HEARTBEAT,
            Cause::Heartbeat,
            Some("telegram"),
        ),
        (
            "agent:main:main",
            telegram,
            "A scheduled reminder has been triggered. The oven.\nReference UTC: 2026-11-21 16:50 UTC",
            Cause::Cron,
            Some("telegram"),
        ),
        (
            "agent:main:main",
            telegram,
            "An async command you ran earlier has completed.\nReference UTC: 2026-11-21 16:50 UTC",
            Cause::Unknown,
            Some("telegram"),
        ),
        (
            "agent:main:cron:351f",
            "",
            "[cron:351f water] water the plants",
            Cause::Cron,
            None,
        ),
        (
            "agent:main:subagent:bf29",
            telegram,
            "[Sat 2026-11-21 16:52 UTC] [Subagent Context] You are running as a subagent (depth 1/5).",
            Cause::SubAgent,
            Some("telegram"),
        ),
        (
            "agent:main:main",
            telegram,
            "[Sat 2026-11-21 16:52 UTC] A background task completed. Use this result",
            Cause::SubAgent,
            Some("telegram"),
        ),
        (
            "agent:main:dashboard:abc",
            " | channel=webchat",
            "[Sat 2026-11-21 16:55 UTC] hello from web",
            Cause::Person,
            Some("webchat"),
        ),
        // Tried again after an error, such a prompt looks like any other; the session's name does not.
        (
            "agent:main:cron:351f",
            "",
            "[Sat 2026-11-21 16:54 UTC] Continue the current task from the existing transcript",
            Cause::Cron,
            None,
        ),
        (
            "agent:main:subagent:bf29",
            "",
            "[Sat 2026-11-21 16:54 UTC] Continue the current task from the existing transcript",
            Cause::SubAgent,
            None,
        ),
        // An owner's own heartbeat prompt, and a person where stamps are switched off.
        (
            "agent:main:main",
            "",
            "Look at my inbox.\nCurrent time: now\nReference UTC: 2026-11-21 16:51 UTC",
            Cause::Heartbeat,
            None,
        ),
        (
            "agent:main:main",
            "",
            "Look at my inbox.",
            Cause::Person,
            None,
        ),
    ] {
        for body in dialects(&runtime(session, channel), prompt) {
            let seen = look(&body);
            let expected = Origin {
                cause,
                channel: heard,
            };
            assert_eq!(seen.origin, expected, "{body:#}");
            assert!(seen.fresh && seen.prompted);
        }
    }
}

#[test]
fn other_programs_are_unknown() {
    for body in [
        json!({"model": "m", "messages": [user("Classify this mail.")]}),
        json!({"model": "m", "input": "Classify this mail."}),
        json!({"model": "m", "messages": [{"role": "developer", "content": "You are a context summarization assistant."}, user("<conversation>")]}),
        json!({"model": "m", "contents": [{"role": "user", "parts": [{"text": "hi"}]}]}),
        json!({"model": "m"}),
    ] {
        assert_eq!(look(&body).origin.cause, Cause::Unknown, "{body}");
    }
}

#[test]
fn headers_tell_trace_and_the_sdks_own_retries() {
    let body = &dialects(&runtime("agent:main:main", ""), ASKED)[0];
    let with = |name: &'static str, value: &'static str| {
        let mut headers = HeaderMap::new();
        headers.insert(name, http::HeaderValue::from_static(value));
        look_at(body, &headers, usize::MAX)
    };
    let parent = "00-0e606c4609a231d9ad171c6db81629f7-1aab9aa381bcbec8-01";
    assert_eq!(
        with("traceparent", parent).trace,
        Some(0x0e60_6c46_09a2_31d9_ad17_1c6d_b816_29f7)
    );
    for wrong in ["", "00-0e60", "00-zz606c4609a231d9ad171c6db81629f7-1-01"] {
        assert_eq!(with("traceparent", wrong).trace, None);
    }
    let cause = |count| with("x-stainless-retry-count", count).origin.cause;
    assert_eq!(cause("0"), Cause::Person);
    assert_eq!(cause("1"), Cause::Retry);
}

/// One step of a tool in each dialect.
fn step(dialect: usize, id: &str, arguments: &Value, result: &str) -> Vec<Value> {
    let text = arguments.to_string();
    match dialect {
        0 => vec![
            json!({"role": "assistant", "content": null, "tool_calls": [{"id": id, "type": "function", "function": {"name": "exec", "arguments": text}}]}),
            json!({"role": "tool", "content": result, "tool_call_id": id}),
        ],
        1 => vec![
            json!({"type": "reasoning", "id": id, "encrypted_content": id, "summary": [{"type": "summary_text", "text": id}]}),
            json!({"type": "function_call", "call_id": id, "name": "exec", "arguments": text}),
            json!({"type": "function_call_output", "call_id": id, "output": result}),
        ],
        _ => vec![
            json!({"role": "assistant", "content": [{"type": "thinking", "thinking": id, "signature": id}, {"type": "tool_use", "id": id, "name": "exec", "input": arguments}]}),
            json!({"role": "user", "content": [{"type": "tool_result", "tool_use_id": id, "content": result, "cache_control": {"type": "ephemeral"}}]}),
        ],
    }
}

fn after(dialect: usize, steps: &[Vec<Value>]) -> Look {
    let mut body = dialects(&runtime("agent:main:main", ""), ASKED)[dialect].clone();
    let field = if dialect == 1 { "input" } else { "messages" };
    let members = body[field].as_array_mut().unwrap();
    // The responses dialect has OpenClaw's context before the steps, the others after.
    let context = (dialect != 1).then(|| members.pop()).flatten();
    members.extend(steps.concat());
    members.extend(context);
    look(&body)
}

#[test]
fn equal_steps_have_equal_prints_and_others_do_not() {
    let (hi, ho) = (json!({"command": "echo hi"}), json!({"command": "echo ho"}));
    for dialect in 0..3 {
        let one = step(dialect, "call1", &hi, "hi at 16:51");
        let same = step(dialect, "call2", &hi, "hi at 16:52");
        let first = after(dialect, std::slice::from_ref(&one));
        assert!(!first.fresh && first.origin.cause == Cause::Person);
        assert_eq!(
            after(dialect, &[one.clone(), same]).print,
            first.print,
            "{dialect}"
        );
        for other in [
            step(dialect, "call2", &ho, "hi at 16:51"),
            step(dialect, "call2", &hi, "done"),
        ] {
            assert_ne!(
                after(dialect, &[one.clone(), other]).print,
                first.print,
                "{dialect}"
            );
        }
        assert_ne!(after(dialect, &[]).print, first.print);
    }
}

#[test]
fn several_calls_at_once_are_one_step() {
    for dialect in 0..3 {
        let of = |name: &str, id| step(dialect, id, &json!({"id": name}), "ok");
        let together = |a: &[Value], b: &[Value]| {
            let calls = a.len() - 1;
            [&a[..calls], &b[..calls], &a[calls..], &b[calls..]].concat()
        };
        let (a, b, c) = (of("a", "1"), of("b", "2"), of("c", "3"));
        let both = together(&a, &b);
        let print = |steps: &[Vec<Value>]| after(dialect, steps).print;
        let one = print(std::slice::from_ref(&both));
        assert_ne!(one, print(std::slice::from_ref(&b)), "{dialect}");
        assert_ne!(one, print(&[together(&c, &b)]), "{dialect}");
        assert_eq!(one, print(&[both.clone(), both]), "{dialect}");
    }
}

#[test]
fn what_a_tool_is_given_is_no_conversation() {
    let strange =
        json!({"role": "user", "content": "[cron:x] hi", "input": [{"text": "a", "output": "b"}]});
    for dialect in 0..3 {
        let seen = after(dialect, &[step(dialect, "1", &strange, "ok")]);
        assert!(
            !seen.fresh && seen.origin.cause == Cause::Person,
            "{dialect}"
        );
    }
}
