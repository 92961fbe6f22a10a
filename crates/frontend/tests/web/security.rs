//! What protects visitors from other sites.

use api::Model;
use testkit::backend::FakeBackend;

use crate::helpers::{Answer, Frontend};

#[tokio::test]
async fn every_answer_carries_the_protecting_headers() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let permalink = frontend.post("Hallo").await.location().to_owned();
    for path in ["/", "/history", "/nothing", permalink.as_str()] {
        let answer = frontend.get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; "), "{path}: {policy}");
        assert!(
            policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self'"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe") && !policy.contains("upgrade-insecure-requests"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("strict-transport-security"), "", "{path}");
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn assets_are_kept_for_ever_under_hashed_names() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let form = frontend.get("/").await;
    let style = form.links("/assets/style-");
    assert_eq!(style.len(), 1);
    let script = form.page.split("src=\"").find(|rest| rest.starts_with("/assets/page-")).unwrap();
    let script = script.split('"').next().unwrap();
    let icon = form.links("/assets/icon-");
    for (path, media_type) in [
        (style[0].as_str(), "text/css; charset=utf-8"),
        (script, "text/javascript; charset=utf-8"),
        (icon[0].as_str(), "image/svg+xml"),
    ] {
        let asset = frontend.get(path).await;
        assert_eq!((asset.status, asset.header("content-type")), (200, media_type));
        assert_eq!(asset.header("cache-control"), "public, max-age=31536000, immutable");
        assert!(!asset.page.is_empty());
    }
    // what a script imports is announced and there
    let modules: Vec<_> = form.page.split("rel=\"modulepreload\" href=\"").skip(1).collect();
    assert!(modules.len() > 5, "{modules:?}");
    for module in modules {
        let module = module.split('"').next().unwrap();
        assert_eq!(frontend.get(module).await.header("content-type"), "text/javascript; charset=utf-8");
    }
}

async fn post_from(frontend: &Frontend, headers: &[(&str, &str)]) -> Answer {
    let mut post = frontend.http.post(&frontend.url).form(&[("text", "Hallo")]);
    for (name, value) in headers {
        post = post.header(*name, *value);
    }
    Answer::of(post.send().await.unwrap()).await
}

#[tokio::test]
async fn posts_of_other_sites_are_refused() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    for headers in [
        &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")][..],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "http://evil.example")],
        &[("origin", "null")],
    ] {
        let answer = post_from(&frontend, headers).await;
        assert_eq!(answer.status, 403, "{headers:?}");
        assert!(answer.page.contains("The form was sent from another website"), "{}", answer.page);
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    assert_eq!(backend.received(), 0);
    for headers in [
        &[][..],
        &[("sec-fetch-site", "same-origin")],
        // over plain HTTP, browsers send the origin alone
        &[("origin", frontend.url.as_str())],
    ] {
        assert_eq!(post_from(&frontend, headers).await.status, 303, "{headers:?}");
    }
}

#[tokio::test]
async fn markup_in_what_the_backend_says_is_escaped() {
    let name = "<script>alert(1)</script>".to_owned();
    let backend = FakeBackend::with_model(Model { name, starter: true }).await;
    let frontend = Frontend::start(&backend).await;
    let posted = frontend.post("Hallo").await;
    let page = frontend.get(posted.location()).await;
    assert!(page.page.contains("&lt;script&gt;alert(1)") && !page.page.contains("<script>alert"));
}

#[tokio::test]
async fn probes_and_metrics_are_answered() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    frontend.post("Hallo").await.location();
    assert_eq!(frontend.get("/livez").await.status, 200);
    assert_eq!(frontend.get("/readyz").await.status, 200);
    let metrics = frontend.get("/metrics").await;
    assert!(metrics.page.contains("ut_translations_total{outcome=\"ok\"}"), "{}", metrics.page);
}
