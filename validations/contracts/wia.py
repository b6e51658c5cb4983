"""What a WIA delivery must hold: aggregates of WIA, WAO and WAZ in the layout of aggregaat.py."""

from validations.contracts.aggregaat import aggregate_contract

TOTAL = "WIA"
PARTS = ("WIA-IVA", "WIA-WGA", "WAO", "WAZ")
CONTRACT = aggregate_contract("wia", "WIA", "WIA, WAO en WAZ: personen met een uitkering", TOTAL, PARTS)
