"""What a Wmo delivery must hold: iWmo 3.2 messages WMO301, WMO305 and WMO307.

What they share with iJw is in istandaard.py.
"""

from validations.contracts.istandaard import FIELDS, Lists, contradictions, message_rules
from validations.language.contract import Contract

CONTRACT = Contract(
    bron="wmo",
    title="Wmo-maatwerkvoorzieningen (iWmo 3.2)",
    source="iWmo 3.2, Zorginstituut Nederland (istandaarden.nl)",
    guide=(
        "Lever de berichten WMO301, WMO305 en WMO307 zoals de iStandaard ze voorschrijft, los of in één zip. "
        "Een levering bevat alle berichten sinds de vorige; een bericht twee keer leveren kan geen kwaad."
    ),
    fields=FIELDS,
    key=("bericht", "bericht_identificatie"),
    rules=message_rules("WMO", Lists(category="WMO020", change="WMO002", end="WMO588", frequency="WMO757")),
    together=contradictions("WMO"),
)
