use secrecy::ExposeSecret as _;

use super::*;

// figment's jail gives each test a directory and an environment of its own, one at a time.
use figment::Jail;

fn load(set: &[&str]) -> Result<Config, Problem> {
    Layers::gather(&Flags {
        config: None,
        set: set.iter().map(|s| (*s).to_owned()).collect(),
    })?
    .load()
}

fn problem(toml: &str) -> String {
    let mut said = String::new();
    jailed(|jail| {
        jail.create_file("creel.toml", toml).unwrap();
        said = load(&[]).unwrap_err().to_string();
    });
    said
}

fn jailed(test: impl FnOnce(&mut Jail)) {
    #[expect(clippy::result_large_err, reason = "the error is figment's")]
    Jail::expect_with(|jail| {
        jail.clear_env();
        let home = jail.directory().display().to_string();
        jail.set_env("HOME", home);
        test(jail);
        Ok(())
    });
}

#[test]
fn without_anything_there_are_the_documented_defaults() {
    jailed(|_| {
        let config = load(&["data_dir=/d"]).unwrap();
        assert_eq!(config.server.listen.to_string(), "127.0.0.1:7070");
        assert_eq!(config.server.public_url.as_str(), "http://localhost:7070/");
        assert_eq!(config.database_url.expose_secret(), "sqlite:///d/creel.db");
        assert_eq!(config.network.pool.to_string(), "10.201.0.0/16");
        assert!(
            matches!(config.master_key, MasterKey::File { ref path, named: false } if path == std::path::Path::new("/d/master.key"))
        );
        assert!(!config.signup.open);
    });
}

#[test]
fn every_key_is_told_with_where_it_was_set_and_no_secret_is() {
    jailed(|jail| {
        let file = "[server]\nlisten = \"127.0.0.1:1\"\nmetrics_listen = \"127.0.0.1:2\"\n\
            [providers.openai]\nkey = \"sk-the-secret-itself\"\nbase_url = \"https://me:the-secret-itself@example.org/v1\"\n";
        jail.create_file("creel.toml", file).unwrap();
        jail.set_env("CREEL_SERVER__LISTEN", "127.0.0.1:3");
        jail.set_env("CREEL_PROVIDERS__XAI__KEY", "xai-the-secret-itself");
        let config = load(&["data_dir=/d", "server.drain_s=7"]).unwrap();
        let told = |key: &str| {
            let found = config.settings.iter().find(|one| one.key == key);
            found.unwrap_or_else(|| panic!("{key}")).clone()
        };
        use creel_api::SettingSource as S;
        let listen = told("server.listen");
        assert_eq!(listen.value.as_deref(), Some("127.0.0.1:3"));
        assert_eq!(listen.default.as_deref(), Some("127.0.0.1:7070"));
        assert_eq!(listen.source, S::Environment("CREEL_SERVER__LISTEN".into()));
        assert!(
            matches!(told("server.metrics_listen").source, S::File(path) if path.ends_with("creel.toml"))
        );
        assert_eq!(told("server.drain_s").source, S::Flag);
        assert_eq!(told("data_dir").value.as_deref(), Some("/d"));
        let default = told("proxy.port");
        assert_eq!(
            (default.source, default.value),
            (S::Default, default.default)
        );
        let secret = told("providers.xai.key");
        assert_eq!(
            secret.source,
            S::Environment("CREEL_PROVIDERS__XAI__KEY".into())
        );
        assert!(secret.secret && secret.value.is_none());
        assert!(told("database.url").secret);
        assert!(!format!("{:?}", config.settings).contains("the-secret-itself"));
        assert!(
            config
                .settings
                .iter()
                .all(|one| !one.description.is_empty())
        );
    });
}

#[test]
fn the_fake_driver_gets_a_pool_that_can_be_bound() {
    jailed(|_| {
        let pool = |set: &[&str]| {
            let set = [&["data_dir=/d", "driver.kind=fake"], set].concat();
            load(&set).unwrap().network.pool.to_string()
        };
        assert_eq!(pool(&[]), "127.201.0.0/16");
        assert_eq!(pool(&["network.pool=127.9.0.0/16"]), "127.9.0.0/16");
    });
}

#[test]
fn flag_over_environment_over_file_over_default() {
    jailed(|jail| {
        jail.create_file("creel.toml", "[server]\nlisten = \"127.0.0.1:1001\"\ndrain_s = 1\n[proxy]\nport = 1001\n[log]\nfilter = \"debug\"").unwrap();
        jail.set_env("CREEL_SERVER__LISTEN", "127.0.0.1:1002");
        jail.set_env("CREEL_PROXY__PORT", "1002");
        jail.set_env("CREEL_CACHE", "/not/ours");
        let config = load(&["server.listen=127.0.0.1:1003"]).unwrap();
        assert_eq!(config.server.listen.port(), 1003);
        assert_eq!(config.proxy.port, 1002);
        assert_eq!(config.server.drain_s, 1);
        assert_eq!(config.log.filter, "debug");
        assert_eq!(config.server.metrics_listen.port(), 7071);
    });
}

#[test]
fn an_unknown_key_is_named_with_the_nearest_and_its_place() {
    let said = problem("[server]\nlisen = \"127.0.0.1:7070\"");
    assert!(
        said.contains("server")
            && said.contains("`lisen`; did you mean `listen`?")
            && said.contains("creel.toml"),
        "{said}"
    );
    let said = problem("[serve]\nx = 1");
    assert!(said.contains("did you mean `server`?"), "{said}");
    let said = problem("[providers.opnai]\nkey = \"x\"");
    assert!(said.contains("`opnai`; did you mean `openai`?"), "{said}");
}

#[test]
fn an_unknown_variable_is_an_error_too() {
    jailed(|jail| {
        jail.set_env("CREEL_SERVER__LISTENN", "x");
        let said = load(&[]).unwrap_err().to_string();
        assert!(
            said.contains("listenn") && said.contains("`listen`"),
            "{said}"
        );
    });
}

#[test]
fn wrong_values_name_their_key() {
    for (toml, key) in [
        ("[server]\nlisten = \"here\"", "server.listen"),
        ("[network]\npool = \"10.0.0.1/16\"", "network.pool"),
        ("[network]\npool = \"10.0.0.0/30\"", "network.pool"),
        ("[proxy]\nport = 0", "proxy.port"),
        ("[proxy]\nport = 70000", "proxy.port"),
        ("[driver]\nkind = \"podman\"", "driver.kind"),
        ("[driver]\nparallel = 0", "driver.parallel"),
        ("[database]\nurl = \"mysql://x\"", "database.url"),
        ("[server]\npublic_url = \"ftp://x\"", "server.public_url"),
        (
            "[lifecycle]\nready_timeout_s = 1",
            "lifecycle.ready_timeout_s",
        ),
        (
            "[secrets]\nmaster_key = \"a\"\nmaster_key_file = \"b\"",
            "secrets.master_key",
        ),
        (
            "[providers.openai]\nkey_file = \"/nonexistent\"",
            "providers.openai.key_file",
        ),
    ] {
        let said = problem(toml);
        assert!(said.contains(key), "{toml:?} said {said:?}");
    }
    assert!(problem("[server\n").contains("creel.toml"));
}

#[test]
fn secrets_come_from_files_and_are_never_shown() {
    jailed(|jail| {
        jail.create_file("key", "sk-very-secret\n").unwrap();
        jail.set_env("CREEL_PROVIDERS__OPENAI__KEY_FILE", "key");
        jail.set_env("CREEL_PROVIDERS__ANTHROPIC__KEY", "12345678");
        jail.set_env("CREEL_DATABASE__URL", "postgres://u:hunter2@h/d");
        let config = load(&["data_dir=/d"]).unwrap();
        assert_eq!(
            config.providers["openai"]
                .key
                .as_ref()
                .unwrap()
                .expose_secret(),
            "sk-very-secret"
        );
        assert_eq!(
            config.providers["anthropic"]
                .key
                .as_ref()
                .unwrap()
                .expose_secret(),
            "12345678"
        );
        let shown = format!("{config:?}");
        assert!(
            !shown.contains("very-secret") && !shown.contains("hunter2"),
            "{shown}"
        );
    });
}

#[test]
fn a_provider_may_have_several_keys_and_shows_none() {
    jailed(|jail| {
        jail.create_file("keys", "sk-first-of-file\n\n  sk-second-of-file  \n")
            .unwrap();
        jail.set_env("CREEL_PROVIDERS__OPENAI__KEY", "sk-alone");
        jail.set_env("CREEL_PROVIDERS__OPENAI__KEYS_FILE", "keys");
        jail.set_env("CREEL_PROVIDERS__XAI__KEYS", "[\"xai-one\",\"xai-two\"]");
        let config = load(&["data_dir=/d"]).unwrap();
        let keys = |id: &str| {
            let of = &config.providers[id];
            let all = of.key.iter().chain(&of.more_keys);
            all.map(|key| key.expose_secret().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            keys("openai"),
            ["sk-alone", "sk-first-of-file", "sk-second-of-file"]
        );
        assert_eq!(keys("xai"), ["xai-one", "xai-two"]);
        let shown = format!("{config:?}");
        assert!(
            !shown.contains("of-file") && !shown.contains("xai-one"),
            "{shown}"
        );
        jail.set_env("CREEL_PROVIDERS__OPENAI__KEYS", "[\"sk-more\"]");
        let said = load(&["data_dir=/d"]).unwrap_err().to_string();
        assert!(said.contains("not both"), "{said}");
    });
}

#[test]
fn a_named_file_that_is_missing_is_an_error() {
    jailed(|jail| {
        jail.set_env("CREEL_CONFIG", "nowhere.toml");
        assert!(load(&[]).unwrap_err().to_string().contains("nowhere.toml"));
    });
}

#[test]
fn every_key_is_documented() {
    let schema = schema();
    let mut bare = Vec::new();
    undocumented("", schema.as_value(), &mut bare);
    assert!(bare.is_empty(), "no words for: {bare:?}");
    let page = reference();
    for part in [
        "**`data_dir`**",
        "## [server]",
        "`CREEL_SERVER__LISTEN`",
        "default `127.0.0.1:7070`",
        "`CREEL_PROVIDERS__<ID>__KEY`",
    ] {
        assert!(page.contains(part), "the page lacks {part}:\n{page}");
    }
}

fn undocumented(path: &str, schema: &serde_json::Value, bare: &mut Vec<String>) {
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        let path = format!("{path}.{name}");
        if field["description"].as_str().is_none_or(str::is_empty) {
            bare.push(path.clone());
        }
        undocumented(&path, field, bare);
        undocumented(&path, &field["additionalProperties"], bare);
    }
}

#[test]
fn maintenance_needs_words_that_people_can_read() {
    let long = format!("[server]\nmaintenance = \"{}\"\n", "x".repeat(501));
    for toml in [
        "[server]\nmaintenance = \" \"\n",
        "[server]\nmaintenance = \"two\\nlines\"\n",
        &long,
    ] {
        assert!(problem(toml).contains("server.maintenance"), "{toml}");
    }
    jailed(|_| {
        let config = load(&["server.maintenance=Moving house."]).unwrap();
        assert_eq!(config.server.maintenance.as_deref(), Some("Moving house."));
    });
}
