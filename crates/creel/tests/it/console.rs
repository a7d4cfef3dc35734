//! The console's files and page: who gets what with which headers. The files are the tests' own, whatever lies in `ui/dist`.

use std::{borrow::Cow, collections::HashSet, sync::Arc};

use axum::http::Method;
use creel_api::{Asset, Assets, Embedded};
use serde_json::{Value, json};

use crate::harness::{Answer, Client, Setting, TestApp};

const HTML: &str = "text/html,application/xhtml+xml,*/*;q=0.8";
const PAGE: &str = "<!doctype html><meta property=\"csp-nonce\" nonce=\"__CSP_NONCE__\">\
                    <script nonce=\"__CSP_NONCE__\">x</script><div id=root></div>";
/// Path, content. The last ones must never be sent.
const FILES: [(&str, &str); 10] = [
    ("index.html", PAGE),
    ("favicon.svg", "<svg/>"),
    ("manifest.webmanifest", "{}"),
    ("robots.txt", "User-agent: *\n"),
    ("assets/main-Bx9.js", "as it is, and longer than the others"),
    ("assets/main-Bx9.js.br", "brotli"),
    ("assets/main-Bx9.js.gz", "gzipped"),
    ("assets/plain-C1.css", "body{}"),
    ("../secret.js", "SECRET"),
    (".hidden.js", "SECRET"),
];

#[derive(Debug)]
struct Files(&'static [(&'static str, &'static str)]);

impl Assets for Files {
    fn get(&self, path: &str) -> Option<Asset> {
        let (at, (_, text)) = self
            .0
            .iter()
            .enumerate()
            .find(|(_, (name, _))| *name == path)?;
        Some(Asset {
            bytes: Cow::Borrowed(text.as_bytes()),
            sha256: [u8::try_from(at).unwrap(); 32],
        })
    }
}

async fn app(files: &'static [(&'static str, &'static str)]) -> TestApp {
    TestApp::with(Setting {
        assets: Arc::new(Files(files)),
        ..Setting::default()
    })
    .await
}

fn navigating(app: &TestApp) -> Client {
    app.anonymous().header("accept", HTML)
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer
        .headers
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

/// What the policy lets run.
fn nonce(answer: &Answer) -> String {
    let policy = header(answer, "content-security-policy");
    let from = policy.split("script-src 'self' 'nonce-").nth(1);
    from.and_then(|rest| rest.split('\'').next())
        .expect(policy)
        .to_owned()
}

#[tokio::test]
async fn the_page_has_a_nonce_that_no_other_answer_has() {
    let app = app(&FILES).await;
    let mut seen = HashSet::new();
    for _ in 0..20 {
        let page = navigating(&app).get("/").await;
        assert_eq!(page.status, 200);
        let nonce = nonce(&page);
        assert_eq!(nonce.len(), 32, "128 bits in hexadecimal");
        assert_eq!(page.text, PAGE.replace("__CSP_NONCE__", &nonce));
        assert!(seen.insert(nonce), "a nonce came twice");
    }
}

#[tokio::test]
async fn the_pages_headers_let_nothing_else_in() {
    let app = app(&FILES).await;
    let page = navigating(&app).get("/instances").await;
    let nonce = nonce(&page);
    assert_eq!(
        header(&page, "content-security-policy"),
        format!(
            "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; \
             font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
             object-src 'none'; report-uri /api/v1/csp-report"
        )
    );
    for (name, value) in [
        ("content-type", "text/html; charset=utf-8"),
        ("cache-control", "no-store"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(header(&page, name), value, "{name}");
    }
    assert!(header(&page, "permissions-policy").contains("camera=()"));
}

#[tokio::test]
async fn every_address_of_the_console_is_the_page_and_the_apis_are_not() {
    let app = app(&FILES).await;
    for path in [
        "/",
        "/instances/",
        "/instances/ann-1/logs?follow=1",
        "/setup",
        "/index.html",
        "/apis",
        "/operator/no.such.file",
    ] {
        let page = navigating(&app).get(path).await;
        assert_eq!(
            (page.status.as_u16(), page.text.len()),
            (200, PAGE.len() + 2 * (32 - 13)),
            "{path}"
        );
        let head = navigating(&app).send(Method::HEAD, path, None).await;
        assert_eq!(
            (head.status.as_u16(), head.text.as_str()),
            (200, ""),
            "{path}"
        );
        assert_eq!(header(&head, "content-length"), page.text.len().to_string());
        assert_ne!(nonce(&head), nonce(&page));
    }
    for path in [
        "/api",
        "/api/",
        "/api/v1/nowhere",
        "/api/v2/instances",
        "/healthz/x",
        "/assets/gone-Aa1.js",
        "/assets/",
        "/assets",
    ] {
        let answer = navigating(&app).get(path).await;
        if path == "/assets" {
            assert_eq!(answer.status, 200);
            continue;
        }
        assert_eq!(answer.code(404).0, "not_found", "{path}");
        assert_eq!(header(&answer, "cache-control"), "no-store", "{path}");
        assert_eq!(
            header(&answer, "content-security-policy"),
            "default-src 'none'; frame-ancestors 'none'"
        );
    }
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        assert_eq!(
            navigating(&app)
                .send(method, "/instances", None)
                .await
                .code(404)
                .0,
            "not_found"
        );
    }
}

#[tokio::test]
async fn parts_of_a_page_and_programs_get_no_page_for_a_wrong_address() {
    let app = app(&FILES).await;
    for (name, value) in [
        ("accept", "application/json"),
        ("accept", "text/html;q=0"),
        ("accept", "image/*"),
        ("x", "none"),
    ] {
        assert_eq!(
            app.anonymous()
                .header(name, value)
                .get("/nowhere")
                .await
                .code(404)
                .0,
            "not_found",
            "{value}"
        );
    }
    let script = app
        .anonymous()
        .header("accept", "*/*")
        .header("sec-fetch-dest", "script");
    assert_eq!(script.get("/nowhere.js").await.status, 404);
    assert_eq!(
        app.anonymous()
            .header("accept", "*/*")
            .get("/")
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn hashed_files_are_kept_for_ever_and_sent_as_small_as_the_client_takes() {
    let app = app(&FILES).await;
    let path = "/assets/main-Bx9.js";
    let mut tags = HashSet::new();
    for (asked, coding, text) in [
        (None, "", FILES[4].1),
        (Some("gzip, deflate, br, zstd"), "br", "brotli"),
        (Some("gzip"), "gzip", "gzipped"),
        (Some("br;q=0.1, gzip;q=0.9"), "gzip", "gzipped"),
        (Some("br;q=0, gzip;q=0"), "", FILES[4].1),
        (Some("identity;q=0, *;q=0"), "", FILES[4].1),
    ] {
        let client = asked.map_or(app.anonymous(), |asked| {
            app.anonymous().header("accept-encoding", asked)
        });
        let file = client.get(path).await;
        assert_eq!(
            (
                file.status.as_u16(),
                header(&file, "content-encoding"),
                file.text.as_str()
            ),
            (200, coding, text),
            "{asked:?}"
        );
        assert_eq!(
            header(&file, "content-type"),
            "text/javascript; charset=utf-8"
        );
        assert_eq!(
            header(&file, "cache-control"),
            "public, max-age=31536000, immutable"
        );
        assert_eq!(header(&file, "vary"), "Accept-Encoding");
        let tag = header(&file, "etag").to_owned();
        assert!(
            tag.starts_with('"') && tag.len() == 34,
            "a strong tag: {tag}"
        );

        let again = client
            .header("if-none-match", &format!("\"other\", W/{tag}"))
            .get(path)
            .await;
        assert_eq!(
            (
                again.status.as_u16(),
                again.text.as_str(),
                header(&again, "etag")
            ),
            (304, "", tag.as_str())
        );
        assert_eq!(
            header(&again, "cache-control"),
            "public, max-age=31536000, immutable"
        );
        let changed = client.header("if-none-match", "\"other\"").get(path).await;
        assert_eq!(changed.status, 200);
        let head = client.send(Method::HEAD, path, None).await;
        assert_eq!(
            (head.text.as_str(), header(&head, "content-length")),
            ("", text.len().to_string().as_str())
        );
        tags.insert(tag);
    }
    assert_eq!(tags.len(), 3, "each form has its own tag");
    let only = app
        .anonymous()
        .header("accept-encoding", "br")
        .get("/assets/plain-C1.css")
        .await;
    assert_eq!(
        (header(&only, "content-encoding"), only.text.as_str()),
        ("", "body{}")
    );
}

#[tokio::test]
async fn files_beside_the_page_have_their_types_and_are_asked_for_again() {
    let app = app(&FILES).await;
    for (path, kind) in [
        ("/favicon.svg", "image/svg+xml"),
        ("/manifest.webmanifest", "application/manifest+json"),
        ("/robots.txt", "text/plain; charset=utf-8"),
    ] {
        let file = app.anonymous().get(path).await;
        assert_eq!(
            (file.status.as_u16(), header(&file, "content-type")),
            (200, kind)
        );
        assert_eq!(header(&file, "cache-control"), "no-cache");
        assert!(header(&file, "content-security-policy").starts_with("default-src 'none'"));
    }
    for never in [
        "/assets/main-Bx9.js.br",
        "/assets/main-Bx9.js.gz",
        "/index.html",
    ] {
        assert_eq!(app.anonymous().get(never).await.status, 404, "{never}");
    }
}

#[tokio::test]
async fn no_path_leads_out() {
    let app = app(&FILES).await;
    for path in [
        "/../secret.js",
        "/assets/../../secret.js",
        "/..%2fsecret.js",
        "/%2e%2e/secret.js",
        "/assets/..%2f..%2fsecret.js",
        "/.hidden.js",
        "//secret.js",
        "/..\\secret.js",
        "/%5c..%5csecret.js",
        "/assets/%00main-Bx9.js",
        "/./secret.js",
        "/%252e%252e/secret.js",
    ] {
        for client in [navigating(&app), app.anonymous()] {
            let Ok(_) = path.parse::<axum::http::Uri>() else {
                continue;
            };
            let answer = client.get(path).await;
            assert_eq!(answer.code(404).0, "not_found", "{path}");
            assert!(!answer.text.contains("SECRET"), "{path}");
        }
    }
    for path in [
        "../Cargo.toml",
        "../../Cargo.toml",
        "/etc/passwd",
        "assets/../../package.json",
        "",
    ] {
        assert!(Embedded.get(path).is_none(), "{path}");
    }
}

#[tokio::test]
async fn hostile_headers_break_nothing() {
    let app = app(&FILES).await;
    let long = "text/html;q=0.5,".repeat(2000);
    let weights = format!("text/html;q={}", "9".repeat(5000));
    for value in [
        long.as_str(),
        weights.as_str(),
        ",,,;;;===",
        ";q=1",
        "text/html;q=-1",
        "text/html;q=1e9",
        "\u{1}".trim(),
        "*",
        "text",
        "*/*;;q",
    ] {
        let Ok(_) = value.parse::<axum::http::HeaderValue>() else {
            continue;
        };
        for name in [
            "accept",
            "accept-encoding",
            "if-none-match",
            "sec-fetch-dest",
        ] {
            for path in ["/", "/nowhere", "/assets/main-Bx9.js", "/api/v1/status"] {
                let answer = app.anonymous().header(name, value).get(path).await;
                assert!(
                    matches!(answer.status.as_u16(), 200 | 304 | 404),
                    "{name}: {value:.40} {path} {}",
                    answer.status
                );
            }
        }
    }
}

#[tokio::test]
async fn before_it_was_built_the_page_says_how() {
    let app = app(&[]).await;
    let page = navigating(&app).get("/").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("make ui"), "{}", page.text);
    assert_eq!(nonce(&page).len(), 32);
}

#[tokio::test]
async fn no_answer_of_the_api_can_be_framed_or_sniffed() {
    let app = TestApp::new().await;
    let document = creel_api::openapi();
    let mut tried = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path
            .replace("{slug}", "nope")
            .replace("{id}", "nope")
            .replace("{name}", "NOPE");
        for method in item.as_object().unwrap().keys() {
            let method: Method = method.to_uppercase().parse().unwrap();
            for client in [app.anonymous(), app.operator()] {
                let answer = client.open(method.clone(), &path, None).await;
                let headers = answer.headers();
                let policy = headers["content-security-policy"].to_str().unwrap();
                assert_eq!(
                    policy, "default-src 'none'; frame-ancestors 'none'",
                    "{method} {path}"
                );
                assert_eq!(headers["x-frame-options"], "DENY", "{method} {path}");
                assert_eq!(
                    headers["x-content-type-options"], "nosniff",
                    "{method} {path}"
                );
                tried += 1;
            }
        }
    }
    assert!(tried >= 2 * 40, "{tried}");
}

fn reporting(app: &TestApp, kind: &str) -> Client {
    app.anonymous()
        .header("content-type", kind)
        .header("cookie", "creel_s=crs_x")
        .header("origin", "null")
        .header("sec-fetch-site", "same-origin")
}

#[tokio::test]
async fn browsers_reports_come_in_and_nothing_else_does_by_that_door() {
    let app = TestApp::new().await;
    let path = "/api/v1/csp-report";
    let report = json!({ "csp-report": { "effective-directive": "script-src-elem", "blocked-uri": "https://evil.example/x" } });
    for kind in [
        "application/csp-report",
        "application/reports+json; charset=utf-8",
    ] {
        reporting(&app, kind)
            .post(path, report.clone())
            .await
            .expect(204);
    }
    let elsewhere = app
        .anonymous()
        .header("content-type", "application/csp-report")
        .header("sec-fetch-site", "cross-site");
    assert_eq!(
        elsewhere.post(path, report.clone()).await.code(403).0,
        "cross_site"
    );
    assert_eq!(
        reporting(&app, "application/json")
            .post(path, report.clone())
            .await
            .code(403)
            .0,
        "cross_site"
    );
    assert_eq!(
        app.anonymous().post(path, report.clone()).await.code(415).0,
        "not_a_report"
    );
    // The door is that one address: elsewhere the content type buys nothing.
    for other in [
        "/api/v1/auth/logout",
        "/api/v1/tokens",
        "/api/v1/csp-report/",
    ] {
        assert_eq!(
            reporting(&app, "application/csp-report")
                .post(other, report.clone())
                .await
                .code(403)
                .0,
            "cross_site",
            "{other}"
        );
    }
    let long = Value::String("x".repeat(17_000));
    assert_eq!(
        reporting(&app, "application/csp-report")
            .post(path, long)
            .await
            .code(413)
            .0,
        "too_large"
    );
    let broken = reporting(&app, "application/csp-report")
        .send_text(Method::POST, path, Some("{".to_owned()))
        .await;
    assert_eq!(broken.code(400).0, "bad_json");
}

#[tokio::test]
async fn reports_are_limited_per_network() {
    let app = TestApp::new().await;
    let client = reporting(&app, "application/csp-report");
    let mut limited = 0;
    for _ in 0..30 {
        let answer = client.post("/api/v1/csp-report", json!({})).await;
        limited += u32::from(answer.status == 429);
    }
    assert_eq!(limited, 10);
    client
        .from([203, 0, 113, 5])
        .post("/api/v1/csp-report", json!({}))
        .await
        .expect(204);
}
