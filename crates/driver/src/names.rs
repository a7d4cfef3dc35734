//! Names and labels of engine objects, a pure function of the instance id: nothing to store, nothing to lose.

use std::collections::HashMap;

use creel_domain::InstanceId;

/// Label: the cluster that owns the object. Ownership is this label being equal, nothing else.
pub const LABEL_CLUSTER: &str = "io.creel.cluster";
/// Label: the instance, `inst_…`.
pub const LABEL_INSTANCE: &str = "io.creel.instance";
/// Label: the generation of the wish that a container was made from.
pub const LABEL_GENERATION: &str = "io.creel.generation";
/// Label: [`crate::WorkloadSpec::hash`] of what a container was made from.
pub const LABEL_SPEC_HASH: &str = "io.creel.spec-hash";

/// Prefix of every bridge interface: what the firewall matches.
pub(crate) const BRIDGE_PREFIX: &str = "crl";

/// The names of one instance's objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    /// Container, network and volume alike: `creel-<32 hex>`.
    pub object: String,
    /// Bridge interface: `crl` and the last 12 hex digits, 15 characters, the kernel's limit. The last digits are the
    /// random ones of a UUIDv7.
    pub bridge: String,
    /// Directory below `<runtime_dir>/t/`: the 32 hex digits.
    pub directory: String,
}

// === impl Names ===

impl Names {
    /// The names of this instance.
    pub fn of(id: InstanceId) -> Self {
        let hex = id.hex();
        Self {
            object: format!("creel-{hex}"),
            bridge: format!("{BRIDGE_PREFIX}{}", &hex[20..]),
            directory: hex,
        }
    }
}

/// The instance behind an object's name, `creel-<32 hex>` with or without the engine's leading slash.
pub(crate) fn instance_of(name: &str) -> Option<InstanceId> {
    instance_of_hex(name.trim_start_matches('/').strip_prefix("creel-")?)
}

/// The instance behind 32 hex digits.
pub(crate) fn instance_of_hex(hex: &str) -> Option<InstanceId> {
    format!("inst_{hex}").parse().ok()
}

/// The labels that make an object ours.
pub(crate) fn labels(cluster: &str, id: InstanceId) -> HashMap<String, String> {
    HashMap::from([
        (LABEL_CLUSTER.to_owned(), cluster.to_owned()),
        (LABEL_INSTANCE.to_owned(), id.to_string()),
    ])
}

/// Whether these labels say that the object is this cluster's.
pub(crate) fn is_ours(cluster: &str, labels: Option<&HashMap<String, String>>) -> bool {
    labels
        .and_then(|all| all.get(LABEL_CLUSTER))
        .map(String::as_str)
        == Some(cluster)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_the_kernel_and_lead_back() {
        let id: InstanceId = "inst_0192f0c1a2b37abc8def0123456789ab".parse().unwrap();
        let names = Names::of(id);
        assert_eq!(names.object, "creel-0192f0c1a2b37abc8def0123456789ab");
        assert_eq!(names.bridge, "crl0123456789ab");
        assert_eq!(names.bridge.len(), 15);
        assert_eq!(instance_of(&format!("/{}", names.object)), Some(id));
        assert_eq!(instance_of("creel-base"), None);
    }

    #[test]
    fn only_an_equal_cluster_label_is_ownership() {
        let id: InstanceId = "inst_0192f0c1a2b37abc8def0123456789ab".parse().unwrap();
        assert!(is_ours("a", Some(&labels("a", id))));
        assert!(!is_ours("a", Some(&labels("b", id))));
        assert!(!is_ours("a", Some(&HashMap::new())));
        assert!(!is_ours("", None));
    }
}
