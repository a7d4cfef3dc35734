//! The kinds of columns that migrations use: ids are native UUIDs, times and amounts `bigint`, closed sets and JSON text.

use sea_orm_migration::{prelude::*, schema};

pub(super) fn table(name: &'static str) -> TableCreateStatement {
    Table::create().table(Alias::new(name)).to_owned()
}

pub(super) fn uuid(name: &'static str) -> ColumnDef {
    schema::uuid(Alias::new(name))
}
pub(super) fn uuid_null(name: &'static str) -> ColumnDef {
    schema::uuid_null(Alias::new(name))
}
pub(super) fn text(name: &'static str) -> ColumnDef {
    schema::text(Alias::new(name))
}
pub(super) fn text_null(name: &'static str) -> ColumnDef {
    schema::text_null(Alias::new(name))
}
pub(super) fn int(name: &'static str) -> ColumnDef {
    schema::big_integer(Alias::new(name))
}
pub(super) fn int_null(name: &'static str) -> ColumnDef {
    schema::big_integer_null(Alias::new(name))
}
pub(super) fn boolean(name: &'static str) -> ColumnDef {
    schema::boolean(Alias::new(name))
}
pub(super) fn bytes(name: &'static str) -> ColumnDef {
    schema::binary(Alias::new(name))
}
pub(super) fn id() -> ColumnDef {
    schema::pk_uuid(Alias::new("id"))
}
