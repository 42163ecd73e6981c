"""The themes and types of contracts that there are from the start; an operator shows and hides themes."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """Only invoicing is visible from the start (manual 3.1)."""

    dependencies = [("models", "0002_constraints")]

    operations = [
        ops.RunSQL(
            [
                """insert into theme (code, name_nl, name_fr, name_en, name_de, visible) values
                   ('INVOICING', 'Facturatie', 'Facturation', 'Invoicing', 'Rechnungsstellung', true),
                   ('EXECUTION', 'Uitvoering', 'Exécution', 'Execution', 'Ausführung', false),
                   ('PLANNING', 'Planning', 'Planning', 'Planning', 'Planung', false),
                   ('SAFETY', 'Veiligheid', 'Sécurité', 'Safety', 'Sicherheit', false)""",
                """insert into contract_type (code, name_nl, name_fr, name_en, name_de) values
                   ('CONTRACT', 'Opdracht', 'Marché', 'Contract', 'Auftrag'),
                   ('EXTENDABLE_CONTRACT', 'Verlengbare opdracht', 'Marché reconductible', 'Extendable contract',
                    'Verlängerbarer Auftrag')""",
            ]
        )
    ]
