//! The Docker driver keeps the contract on a real engine, in an image made here, with a firewall tried from inside.

#[cfg(test)]
mod contract;

#[cfg(test)]
mod docker {
    mod engine;
    mod firewall;
    mod guard;
    mod image;
    mod outside;
    mod pace;
    mod profile;
    mod rig;

    mod suite {
        crate::contract_suite!(super::rig::rig().await);
    }
}
