//! The layers: defaults, then one file, then the environment, then flags; each later one wins.

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use figment::{
    Figment, Metadata, Profile, Provider,
    error::{Error as FigmentError, Kind},
    providers::Env,
    value::{Dict, Map},
};

use super::{Config, Problem, Raw, check, told::told};

/// Settings given on the command line, above everything else.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Flags {
    /// Configuration file; else `CREEL_CONFIG`, ./creel.toml, /etc/creel/creel.toml, whichever is there first
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help_heading = "Configuration"
    )]
    pub config: Option<PathBuf>,
    /// Sets one key, like `--set server.listen=0.0.0.0:7070`; may be repeated
    #[arg(
        long,
        global = true,
        value_name = "KEY=VALUE",
        help_heading = "Configuration"
    )]
    pub set: Vec<String>,
}

/// Where settings come from. The environment is handed in, so that tests need not change their own.
#[derive(Debug, Clone)]
pub(crate) struct Layers {
    figment: Figment,
    /// The file that was read, if any.
    pub file: Option<PathBuf>,
}

impl Layers {
    /// Finds the file and reads the environment. Nothing is parsed yet.
    ///
    /// # Errors
    /// A file that was named and cannot be read, a flag without `=`.
    pub(crate) fn gather(flags: &Flags) -> Result<Self, Problem> {
        let file = find_file(flags.config.as_deref())?;
        let mut figment = Figment::new();
        if let Some(path) = &file {
            figment = figment.merge(TomlFile::read(path)?);
        }
        figment = figment.merge(environment());
        for flag in &flags.set {
            figment = figment.merge(Flag::parse(flag)?);
        }
        Ok(Self { figment, file })
    }

    /// Every key checked.
    ///
    /// # Errors
    /// The first [`Problem`].
    pub(crate) fn load(&self) -> Result<Config, Problem> {
        let raw: Raw = self.figment.extract().map_err(|error| explain(&error))?;
        // A secret serialises to a word that says so, and is left out again by its schema.
        let read = serde_json::to_value(&raw).unwrap_or_default();
        let mut config = Config::try_from(raw)?;
        let file = self.file.as_ref().map(|path| path.display().to_string());
        config.settings = told(&self.figment, file.as_deref(), &read, &config).into();
        Ok(config)
    }
}

fn find_file(named: Option<&Path>) -> Result<Option<PathBuf>, Problem> {
    let named = named
        .map(Path::to_path_buf)
        .or_else(|| std::env::var_os("CREEL_CONFIG").map(PathBuf::from));
    if let Some(path) = named {
        return if path.is_file() {
            Ok(Some(path))
        } else {
            Err(Problem::at(
                "",
                format!("there is no configuration file {}", path.display()),
            ))
        };
    }
    let usual = ["creel.toml", "/etc/creel/creel.toml"];
    Ok(usual.iter().map(PathBuf::from).find(|path| path.is_file()))
}

/// `CREEL_SECTION__KEY`, and `CREEL_DATA_DIR`. Other variables of that prefix belong to scripts and tests.
fn environment() -> Env {
    Env::prefixed("CREEL_")
        .filter(|name| name.as_str().contains("__") || name == "data_dir")
        .map(|name| name.as_str().replace("__", ".").into())
        .lowercase(true)
}

/// A file of TOML.
struct TomlFile {
    path: PathBuf,
    content: Dict,
}

impl TomlFile {
    fn read(path: &Path) -> Result<Self, Problem> {
        let refused = |why: String| Problem {
            key: String::new(),
            message: why,
            source_name: Some(path.display().to_string()),
        };
        let text = std::fs::read_to_string(path).map_err(|e| refused(e.to_string()))?;
        let content = toml::from_str(&text).map_err(|e| refused(e.to_string()))?;
        Ok(Self {
            path: path.to_path_buf(),
            content,
        })
    }
}

impl Provider for TomlFile {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.path.display().to_string())
    }
    fn data(&self) -> Result<Map<Profile, Dict>, FigmentError> {
        Ok(Profile::Default.collect(self.content.clone()))
    }
}

/// One `--set`.
struct Flag {
    key: String,
    value: figment::value::Value,
}

impl Flag {
    fn parse(text: &str) -> Result<Self, Problem> {
        let (key, value) = text
            .split_once('=')
            .ok_or_else(|| Problem::at("", format!("--set {text} is not KEY=VALUE")))?;
        let value = value
            .parse()
            .unwrap_or_else(|_| figment::value::Value::from(value));
        Ok(Self {
            key: key.to_owned(),
            value,
        })
    }
}

impl Provider for Flag {
    fn metadata(&self) -> Metadata {
        Metadata::named("--set")
    }
    fn data(&self) -> Result<Map<Profile, Dict>, FigmentError> {
        let nested = figment::util::nest(&self.key, self.value.clone());
        let dict = nested
            .into_dict()
            .ok_or_else(|| FigmentError::from(format!("--set {} names no key", self.key)))?;
        Ok(Profile::Default.collect(dict))
    }
}

/// The library's error in our words: the key, what is wrong, where it was set.
fn explain(error: &FigmentError) -> Problem {
    let message = match &error.kind {
        Kind::UnknownField(word, known) => check::unknown(word, known),
        Kind::UnknownVariant(word, known) => {
            format!("`{word}` is not one of: {}", known.join(", "))
        }
        kind => kind.to_string(),
    };
    let source_name = error.metadata.as_ref().map(|m| m.name.to_string());
    Problem {
        key: error.path.join("."),
        message,
        source_name,
    }
}

/// Where everything that must survive is kept unless somebody says otherwise.
pub(super) fn default_data_dir() -> Result<PathBuf, Problem> {
    if let Some(state) = std::env::var_os("STATE_DIRECTORY") {
        return Ok(PathBuf::from(state));
    }
    if rustix::process::geteuid().is_root() {
        return Ok(PathBuf::from("/var/lib/creel"));
    }
    let home = etcetera::choose_base_strategy().map_err(|_| {
        Problem::at(
            "data_dir",
            "has no default without a home directory; set it",
        )
    })?;
    Ok(home.data_dir().join("creel"))
}
