"""The faults that the monitor was tried with, what comes of each, and the test that proves it: docs/betrouwbaarheid.md.

`make docs` writes the page from here; tests/test_faults.py keeps it current, and each test that is named must be there.
"""

from typing import NamedTuple

from assets.ground.settings import PROJECT

FILE = PROJECT / "docs" / "betrouwbaarheid.md"


class Fault(NamedTuple):
    """What goes wrong, what comes of it (both in Dutch), and the tests: `file::function`, without `test_` and `.py`."""

    wat: str
    uitkomst: str
    tests: tuple[str, ...]


FAULTS: dict[str, tuple[Fault, ...]] = {
    "Midden in het sluiten en publiceren": (
        Fault(
            "kill -9 bij elke hernoeming en fsync van de publicatie, of een volle schijf (ENOSPC) bij elke"
            " schrijfopdracht daarvan",
            "wat openbaar is blijft heel: de vorige editie of de nieuwe, nooit half; het grootboek houdt alles;"
            " de volgende nacht maakt de tabellen die zonder storing waren gemaakt",
            (
                "crash::no_failure_leaves_half_or_wrong_what_is_public_and_the_next_night_puts_it_right",
                "crash::with_one_rename_replaced_by_a_write_the_proof_fails",
            ),
        ),
        Fault(
            "hetzelfde bij beveiliging en poort, een schijffout (EIO), en wat DuckDB en polars zelf schrijven",
            "als hierboven",
            ("crash::every_other_change_of_a_disk_and_the_database_for_analysts",),
        ),
        Fault(
            "hetzelfde op S3: gedood voor een put, een put die wordt geweigerd, of die gelukt is terwijl het antwoord"
            " wegbleef",
            "als hierboven",
            ("crash::no_put_that_fails_leaves_half_or_wrong_what_is_public",),
        ),
        Fault(
            "de stroom valt uit na het publiceren",
            "editie, aanwijzer, grootboek en alle andere bestanden van een zone staan op de schijf voordat zij hun naam"
            " krijgen, en hun naam voordat de volgende stap begint",
            ("durable::ledger_edition_pointer_and_withdrawal", "durable::a_file_of_a_zone", "durable::the_key_file"),
        ),
        Fault(
            "gedood tussen de wissel en `laatste`",
            "`laatste.json` is de wissel; de volgende nacht zet `laatste` erachter",
            ("edition::laatste_follows_a_switch_that_was_cut_short",),
        ),
        Fault(
            "de publicatie breekt af na de wissel",
            "de editie is openbaar en wordt zo gemeld (afloop 1); de volgende nacht maakt af wat bleef liggen",
            ("status::an_edition_that_is_public_though_its_step_broke_off_after_it_is_told_as_public",),
        ),
        Fault(
            "`meerdoen herstel` wordt onderbroken",
            "dezelfde opdracht maakt het af; de volgende nacht wijst niet terug naar wat is ingetrokken",
            ("withdraw::a_withdrawal_that_was_cut_short_is_finished",),
        ),
    ),
    "Een hele nacht": (
        Fault(
            "kill -9 op dertig momenten van registraties, dbt, beveiliging, poort en wissel, lokaal en op S3",
            "niets half, niets kwijt, `status` zegt het; de volgende nacht maakt de tabellen van een ongestoorde",
            ("crash_nights::after_a_kill_the_next_night_gives_the_tables_of_an_undisturbed_history",),
        ),
        Fault(
            "het proces van een run is weg",
            "de run wordt beëindigd, met reden; de planning gaat verder",
            (
                "interrupt::a_run_whose_process_was_killed_is_ended_by_the_next_night",
                "interrupt::a_run_that_died_before_it_began_is_ended_by_the_next",
            ),
        ),
        Fault(
            "een stap valt om",
            "de nacht zegt bij welke stap zij afbrak en op welke soort fout, nooit de tekst daarvan",
            ("no_room::a_night_that_breaks_off_says_at_which_step_and_never_the_text",),
        ),
        Fault(
            "Ctrl-C of SIGTERM",
            "de nacht eindigt binnen seconden, met afloop 130 of 143, en zegt dat er niets half is",
            ("interrupt::a_signal_ends_a_night_within_seconds_at_any_step",),
        ),
        Fault(
            "dbt wordt gedood (geheugen vol), schrijft niets, of laat resultaten van een andere run liggen",
            "niets telt als gebouwd; alle tabellen blijven als in de vorige editie, en dat wordt gezegd",
            (
                "dbt_proof::a_dbt_that_is_killed_half_way_built_nothing",
                "dbt_proof::a_dbt_that_writes_nothing_built_nothing",
                "dbt_proof::results_that_are_not_of_this_build_are_none",
            ),
        ),
        Fault(
            "de schijf van kluis, werkmap, DAGSTER_HOME of publicatiezone loopt vol",
            "de vorige editie blijft; met ruimte zet de volgende nacht het recht",
            ("crash_nights::a_full_disk_is_told_and_the_next_night_with_room_puts_it_right",),
        ),
        Fault(
            "een opdracht terwijl er een schijf vol is",
            "zij zegt dat, en wat te doen (afloop 2); geen levering krijgt er de schuld van",
            ("no_room::every_command_says_that_a_disk_is_full", "no_room::a_delivery_is_not_blamed_for_a_full_disk"),
        ),
        Fault(
            "twee nachten tegelijk",
            "één draait; de andere zegt dat er al een run is (afloop 3)",
            (
                "crash_nights::of_two_nights_at_once_one_runs_and_the_other_is_told",
                "night::a_second_run_is_refused_while_one_is_busy",
            ),
        ),
        Fault(
            "de klok staat verkeerd",
            "een stand in de toekomst wordt geweigerd; een klok die terugging wordt gemeld",
            (
                "command_line::a_day_that_is_still_to_come_is_refused",
                "command_line::a_clock_that_went_back_is_told",
            ),
        ),
        Fault(
            "een openbaar cijfer ontbreekt zonder oorzaak",
            "de poort geeft die tabel niet vrij; de vorige blijft",
            ("vanished::a_table_that_lost_figures_is_not_released_and_the_other_is",),
        ),
    ),
    "Leveringen": (
        Fault(
            "een levering groeit, of wordt vervangen, verplaatst of weggehaald terwijl zij wordt gelezen",
            "zij telt deze nacht niet (LEV-16, of LEV-24 als zij weg is); wat eerder goed was telt door, en de volgende"
            " nacht leest wat er dan ligt",
            (
                "while_read::what_changes_while_it_is_read_is_refused_and_read_the_next_night",
                "intake::a_file_that_grows_while_it_is_read_is_refused_and_read_again_the_next_night",
            ),
        ),
        Fault(
            "dezelfde levering komt er nog eens bij",
            "zij telt één keer (LEV-19)",
            ("while_read::what_changes_while_it_is_read_is_refused_and_read_the_next_night",),
        ),
        Fault(
            "honderd leveringen in één nacht, een tiende onleesbaar",
            "elke levering krijgt haar melding; de andere tellen",
            ("while_read::a_hundred_deliveries_at_once_are_each_told_and_the_newest_counts",),
        ),
        Fault(
            "een bron die wordt bevraagd is weg, traag, of valt halverwege stil",
            "er blijft niets halfs; haar laatste goede regels tellen",
            (
                "pull::a_source_that_goes_half_way_leaves_nothing_by_halves",
                "pull::a_source_that_is_away_is_asked_again_and_then_blocks",
            ),
        ),
    ),
    "Wat bewaard is": (
        Fault(
            "de kluis is geschreven door een nieuwere versie van de monitor",
            "elke opdracht laat haar met rust en zegt wat te doen (afloop 2)",
            ("kluis_format::a_higher_number_is_left_alone",),
        ),
        Fault(
            "de kluis is van voor er formaatnummers waren",
            "zij wordt gelezen en krijgt haar nummer; openbare cijfers blijven",
            (
                "crash_nights::a_kluis_of_before_it_had_a_number_is_read",
                "kluis_format::a_kluis_gets_its_number_at_first_use_and_keeps_it",
            ),
        ),
        Fault(
            "een bestand dat de monitor bijhield is beschadigd",
            "de registratie wacht, het bestand en wat te doen worden genoemd; de andere gaan door",
            (
                "kept::a_registration_says_which_file_is_damaged",
                "damaged::a_damaged_record_blocks_its_registration_and_is_told_with_a_remedy",
            ),
        ),
        Fault(
            "S3 is onbereikbaar",
            "de opdracht zegt het, zonder adres of sleutel; wat openbaar is blijft",
            ("s3_away::a_command_says_that_s3_is_away", "s3_away::s3_that_is_away_fails_as_a_disk_does"),
        ),
        Fault(
            "een editie blijkt fout",
            "`meerdoen herstel` trekt haar in; de volgende nacht maakt haar goed",
            ("withdraw::the_healed_edition_says_what_an_undisturbed_one_says",),
        ),
    ),
}

HEAD = """# Betrouwbaarheid

Waarmee de monitor is beproefd, wat er dan gebeurt, en welke test het bewijst. Deze pagina wordt gemaakt uit
`tests/making/faults.py` (`make docs`); wat met *lang* is gemerkt draait met `pytest -m lang`.
Van die lange vormen is op 29 november 2026 gezien dat slagen, verspreid over de versies van die dag: elke fout bij elke
schrijfopdracht van beveiliging, poort, publicatie en kluis.duckdb; kill -9 op alle dertig momenten, lokaal en op S3;
een volle schijf van kluis, werkmap, DAGSTER_HOME en publicatiezone; twee nachten tegelijk; wat een nacht leest; veertig
nachten; en de kluis van voor er formaatnummers waren.
"""


def page(long: set[str]) -> str:
    """The page; `long`: the tests that are left out by default."""
    lines = [HEAD]
    for title, faults in FAULTS.items():
        lines += [f"## {title}", "", "| wat er misgaat | wat er gebeurt | test |", "|---|---|---|"]
        for fault in faults:
            named = [f"`{name}`" + (" (lang)" if name in long else "") for name in fault.tests]
            lines.append(f"| {fault.wat} | {fault.uitkomst} | {'<br>'.join(named)} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"
