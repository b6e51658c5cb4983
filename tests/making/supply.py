"""Services of Open Referral HSDS 3.0 for tests: hand-made, with sound defaults."""

import json


def service(name: str, *places: tuple[str, int], **terms: str) -> dict:
    """A service in full at addresses; `terms` are taxonomy terms, but for those that HSDS has a field for."""
    own = {field: terms.pop(field) for field in ("status", "assured_date", "name") if field in terms}
    areas = terms.pop("werkgebied", "").split()
    said = {"lijn": "0", "deelprogramma": "jongeren", "vrij_toegankelijk": "ja", "indicatie_nodig": "nee"} | terms
    return {
        "id": name,
        "name": f"Dienst {name}",
        "status": "active",
        "organization": {"id": "o1", "name": "Stichting"},
        "attributes": [
            {"id": f"{name}-{taxonomy}", "taxonomy_term": {"id": "t", "taxonomy": taxonomy, "code": code}}
            for taxonomy, code in said.items()
        ],
        "service_areas": [{"id": f"{name}-{code}", "extent": code, "extent_type": "text"} for code in areas],
        "service_at_locations": [
            {
                "id": f"{name}-{postcode}-{number}",
                "location": {
                    "id": f"{postcode}-{number}",
                    "addresses": [{"address_1": f"Dorpsstraat {number}", "postal_code": postcode}],
                },
            }
            for postcode, number in places
        ],
    } | own


def page(*services: dict) -> str:
    """One page with these services."""
    about = {"total_items": len(services), "total_pages": 1, "page_number": 1, "empty": not services}
    return json.dumps(about | {"contents": list(services)})
