"""The hand-made deliveries of the tests are sound: the contracts find nothing wrong with them."""

from tests.making.town import Town, w301, w305, w307


def test_hand_made_deliveries_pass_their_contracts(town: Town):
    town.gebieden()
    town.brp([{"bsn": 1}, {"bsn": 2, "adres": ("6003AA", 101)}], "2021-02-05")
    town.wmo(
        [
            w301(1, 1, "2021-01-01", adres=("6001AA", 1)),
            w305(1, 1, "2021-01-04"),
            w307(1, 1, "2021-01-04", "2021-01-20"),
        ],
        "2021-02-10",
    )
    town.bus(2021, 1, [{"bsn": 1}, {"bsn": 2, "registratienummer": "2"}], "2021-02-20")
    town.bus(2014, 1, [{"bsn": 1}], "2014-02-20")
    for bron in ("gebieden", "brp", "wmo", "bus"):
        outcome = town.take_in(bron)
        assert outcome.state == "in_orde", bron
        assert [record.uitval for record in outcome.records] == [0] * len(outcome.records), bron
        assert all(record.rijen for record in outcome.records), bron
