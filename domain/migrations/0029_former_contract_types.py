"""The types that contracts had before they were corrected: access on a past day depends on them."""

from typing import Final

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from domain.models.row import reference

CONSTRAINTS: Final = [
    """alter table former_contract_type add constraint former_contract_type_in_order check (valid_from <= valid_to)""",
    """alter table former_contract_type add constraint former_contract_type_one_at_a_time
       exclude using gist (contract_id with =, tstzrange(valid_from, valid_to) with &&)""",
]

# Corrections were recorded in the audit log, where a type is called by its code.
FROM_AUDIT_LOG: Final = """insert into former_contract_type (contract_id, type_id, valid_from, valid_to)
  select c.id, ct.id, coalesce(lag(e.at) over (partition by c.id order by e.at, e.id), c.published_at), e.at
  from audit_entry e
  join contract c on c.id = e.subject_id
  join contract_type ct on ct.code = e.before ->> 'type'
  where e.action = 'CONTRACT_CORRECTED' and e.subject_type = 'Contract'"""


class Migration(migrations.Migration):
    """A table, filled from the audit log."""

    dependencies = [("models", "0028_found_in_the_log")]

    operations = [
        ops.CreateModel(
            name="FormerContractType",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("contract", reference("Contract", "former_types", source_field="contract_id", to_field="id")),
                ("type", reference("ContractType", "former_contracts", source_field="type_id", to_field="id")),
                ("valid_from", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("valid_to", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "former_contract_type",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A type that a contract had until it was corrected.",
            },
            bases=["Row"],
        ),
        ops.RunSQL([*CONSTRAINTS, FROM_AUDIT_LOG]),
    ]
