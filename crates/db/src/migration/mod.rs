//! Migrations: portable, expand and contract only. An applied file is never edited.

use sea_orm_migration::{MigrationTrait, MigratorTrait};

mod column;
mod m0001_house;
mod m0002_console;
mod m0003_usage_days;
mod m0004_budget;

pub(crate) struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_house::Migration),
            Box::new(m0002_console::Migration),
            Box::new(m0003_usage_days::Migration),
            Box::new(m0004_budget::Migration),
        ]
    }
}
