"""Small gemeenten to try things in: each has its own postcodes, deliveries, and figures worked out by hand."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from tests.dbt_project.reference.areas import unknown_buurt, wijk_of
from tests.dbt_project.reference.days import month_end, on
from tests.dbt_project.reference.facts import (
    AggregateDelivery,
    AreaDelivery,
    Benefit,
    BijDelivery,
    BrpDelivery,
    BusDelivery,
    Care,
    DebtDelivery,
    Delivery,
    Dossier,
    Facts,
    Message,
    MessageDelivery,
    Place,
    Post,
    Record,
    Residence,
    StockDelivery,
    WswDelivery,
)
from tests.dbt_project.reference.measures import Cell, Key

# Buurt, letters of its postcode, first house number; wijken 01, 02 and AF. A postcode lies in two buurten.
BUURTEN = {
    "0101": ("AA", 1),
    "0102": ("AA", 100),
    "0201": ("BA", 1),
    "0202": ("BA", 100),
    "AF01": ("CA", 1),
    "AF02": ("CA", 100),
}
HOUSES = 10
EVERYTHING = (date(2021, 1, 1), date(2022, 3, 31))
STAND = date(2022, 4, 10)
Number = int | str | None


class Village:
    """One gemeente, what it delivers, and what must come of it."""

    def __init__(self, index: int) -> None:
        self.index = index
        self.gemeente = f"GM{index:04d}"
        self.deliveries: list[Delivery] = []
        self.residences: list[Residence] = []
        self.brp_on: date | None = date(2022, 4, 5)
        self.expected: list[tuple[Key, str, Number]] = []
        # Addresses that lie elsewhere in the indeling of a year: (year, address) -> buurt.
        self.redrawn: dict[tuple[int, tuple[str, int]], str] = {}
        self.named: dict[tuple[int, str], str] = {}
        self.absent: set[int] = set()
        # What counted together in the months that are public, by peildatum.
        self.public: dict[date, tuple[str, ...]] = {}
        # Addresses outside the buurten of `at`, in every year: a PC4 of its own.
        self.more: dict[tuple[str, int], str] = {}

    def at(self, buurt: str, house: int = 0) -> tuple[str, int]:
        """An address in a buurt of 2021."""
        letters, first = BUURTEN[buurt]
        return (f"{1000 + self.index}{letters}", first + house)

    def nowhere(self) -> tuple[str, int]:
        """An address that no table has."""
        return (f"{1000 + self.index}ZZ", 1)

    def live(self, *residences: Residence) -> None:
        self.residences += residences

    def deliver_brp(self, on_day: str, *residences: Residence) -> None:
        """A BRP delivery besides the one that `live` fills."""
        self.deliveries.append(BrpDelivery(on(on_day), self.gemeente, residences))

    def wmo(
        self, *messages: Message, on_day: str = "2022-04-05", period: tuple[date, date] | None = EVERYTHING
    ) -> None:
        self.deliveries.append(MessageDelivery(on(on_day), self.gemeente, messages, period))

    def jeugd(
        self, *messages: Message, on_day: str = "2022-04-05", period: tuple[date, date] | None = EVERYTHING
    ) -> None:
        self.deliveries.append(MessageDelivery(on(on_day), self.gemeente, messages, period, "jeugdzorg"))

    def bij(self, half: str, *records: Care, on_day: str | None = None) -> None:
        """Beleidsinformatie Jeugd of a half-year (JJJJ-1 or JJJJ-2), delivered on the 20th of the next month."""
        year, number = int(half[:4]), int(half[5:])
        self.deliveries.append(BijDelivery(_after(year, number, on_day), self.gemeente, year, number, records))

    def wsw(self, half: str, *records: Post, on_day: str | None = None, by: str = "") -> None:
        """The Wsw stock of a half-year, likewise."""
        year, number = int(half[:4]), int(half[5:])
        self.deliveries.append(WswDelivery(_after(year, number, on_day), self.gemeente, year, number, records, by))

    def bus(
        self, month: str, *benefits: Benefit, on_day: str | None = None, by: str = "", broken: bool = False
    ) -> None:
        """The stock of a month (JJJJ-MM), delivered on the 20th of the next one unless told otherwise."""
        year, number = int(month[:4]), int(month[5:])
        usual = month_end(year + number // 12, number % 12 + 1).replace(day=20)
        delivered = on(on_day) if on_day else usual
        self.deliveries.append(BusDelivery(delivered, self.gemeente, year, number, benefits, by, broken))

    def debts(self, *dossiers: Dossier, on_day: str = "2022-04-05", period: tuple[date, date] = EVERYTHING) -> None:
        self.deliveries.append(DebtDelivery(on(on_day), self.gemeente, dossiers, period))

    def aggregate(
        self,
        month: str,
        on_day: str,
        cells: dict[tuple[str, str], int | None],
        *,
        regeling: str = "wia",
        regimes: dict[tuple[str, str, str], int | None] | None = None,
    ) -> None:
        """Figures of the end of a month (JJJJ-MM), by area (as in `area`) and age class; of regimes by indicator."""
        peildatum = month_end(int(month[:4]), int(month[5:]))
        all_cells = {("clienten", *where): count for where, count in cells.items()} | (regimes or {})
        listed = tuple((of, self.area(short)[1], age, count) for (of, short, age), count in all_cells.items())
        self.deliveries.append(AggregateDelivery(on(on_day), self.gemeente, peildatum, listed, regeling))

    def stock(self, bron: str, period: str, *records: Record, on_day: str | None = None, broken: bool = False) -> None:
        """The stock of a period: a month (JJJJ-MM), a school year (JJJJ/JJ) or a calendar year (JJJJ)."""
        year = int(period[:4])
        if "/" in period:
            days = date(year, 8, 1), date(year + 1, 7, 31)
        elif "-" in period:
            days = date(year, int(period[5:]), 1), month_end(year, int(period[5:]))
        else:
            days = date(year, 1, 1), date(year, 12, 31)
        delivered = on(on_day) if on_day else days[1] + timedelta(days=5)
        self.deliveries.append(StockDelivery(delivered, self.gemeente, bron, days, records, broken))

    def published(self, month: str, *regelingen: str) -> None:
        """This month (JJJJ-MM) is public, and these counted together in it."""
        self.public[month_end(int(month[:4]), int(month[5:]))] = regelingen

    def area(self, short: str) -> tuple[str, str]:
        """Level and code: `` the gemeente, 01 a wijk, 0101 a buurt, 0101-1 and 0101-onbekend streets.

        Further: onbekend the unknown buurt, wijk onbekend, straat onbekend.
        """
        digits = self.gemeente[2:]
        if short == "straat onbekend" or "-" in short:
            return "straat", f"ST{digits}{short.removeprefix('straat ')}"
        if short in ("onbekend", "wijk onbekend"):
            buurt = unknown_buurt(self.gemeente)
            return ("wijk", wijk_of(buurt)) if short.startswith("wijk") else ("buurt", buurt)
        level, prefix = {0: ("gemeente", "GM"), 2: ("wijk", "WK"), 4: ("buurt", "BU")}[len(short)]
        return level, prefix + digits + short

    def expect(self, regeling: str, month: str, area: str = "", age: str = "totaal", **numbers: Number) -> None:
        """Counts by indicator, worked out by hand; a text is a status (nvt, niet_geleverd)."""
        for indicator, number in numbers.items():
            self.expected.append((self._key(regeling, month, area, age, indicator), "aantal", number))

    def expect_combined(self, month: str, area: str = "", **numbers: Number) -> None:
        """Households by combination of laws."""
        for combination, number in numbers.items():
            key = self._key("combinaties", month, area, "totaal", "huishoudens")
            self.expected.append((replace(key, combinatie=combination), "aantal", number))

    def expect_noemer(
        self, regeling: str, month: str, number: int | None, area: str = "", age: str = "totaal", of: str = "clienten"
    ) -> None:
        self.expected.append((self._key(regeling, month, area, age, of), "noemer", number))

    def expect_behind(self, regeling: str, month: str, number: int | None, area: str = "", of: str = "gebruik") -> None:
        """How many households stand behind the use of a month, half-year or year."""
        self.expected.append((self._key(regeling, month, area, "totaal", of), "achter", number))

    def expect_name(self, regeling: str, month: str, area: str, name: str) -> None:
        self.expected.append((self._key(regeling, month, area, "totaal", "clienten"), "naam", name))

    def none(self, regeling: str, month: str, area: str = "", age: str = "totaal", of: str = "clienten") -> None:
        """There is no such row."""
        self.expected.append((self._key(regeling, month, area, age, of), "rij", "no row"))

    def _key(self, regeling: str, month: str, area: str, age: str, indicator: str) -> Key:
        year, number = int(month[:4]), int(month[5:7])
        return Key(regeling, self.gemeente, *self.area(area), month_end(year, number), age, indicator)

    def wrong(self, cells: dict[Key, Cell]) -> list[str]:
        """The expectations that some cells do not meet."""
        found = []
        for key, what, wanted in self.expected:
            cell = cells.get(key)
            if cell is None:
                got = "no row"
            elif what == "noemer":
                got = cell.noemer
            elif what == "naam":
                got = cell.gebiedsnaam
            elif what == "achter":
                got = cell.achter
            else:
                got = cell.aantal if cell.status == "geleverd" else cell.status
            if got != wanted:
                found.append(f"{key} {what}: by hand {wanted}, found {got}")
        return found

    def areas(self, year: int) -> tuple[list[Place], list[tuple[str, str]]]:
        """Places and names of a year; none of a year in which the table does not have this gemeente."""
        if year in self.absent:
            return [], []
        digits = self.gemeente[2:]
        places, names = [], {f"GM{digits}": f"Dorp {self.index}"}
        for short in BUURTEN:
            for house in range(HOUSES):
                address = self.at(short, house)
                buurt = self.redrawn.get((year, address), short)
                places.append(Place(*address, buurt if len(buurt) > 4 else f"BU{digits}{buurt}"))
        places += [Place(*address, f"BU{digits}{buurt}") for address, buurt in self.more.items()]
        for place in places:
            if place.buurt[2:6] == digits:
                names[place.buurt] = f"Buurt {place.buurt[6:]}"
                names[wijk_of(place.buurt)] = f"Wijk {place.buurt[6:8]}"
        names |= {code: name for (of_year, code), name in self.named.items() if of_year == year}
        return places, list(names.items())

    def all_deliveries(self) -> list[Delivery]:
        brp = [BrpDelivery(self.brp_on, self.gemeente, tuple(self.residences))] if self.brp_on else []
        return [*self.deliveries, *brp]


def _after(year: int, half: int, on_day: str | None) -> date:
    return on(on_day) if on_day else date(year + half // 2, half % 2 * 6 + 1, 20)


def world(villages: Iterable[Village], stand: date = STAND, years: tuple[tuple[int, str], ...] = ()) -> Facts:
    """All villages in one monitor, with the areas of `years`: (indelingsjaar, leverdatum)."""
    villages = list(villages)
    facts = Facts(stand, tuple(village.gemeente for village in villages))
    for year, leverdatum in years or ((2021, "2021-01-02"), (2022, "2022-01-02")):
        parts = [village.areas(year) for village in villages]
        places = tuple(place for part, _ in parts for place in part)
        facts.deliveries.append(AreaDelivery(on(leverdatum), year, places, tuple(n for _, part in parts for n in part)))
    for village in villages:
        facts.deliveries += village.all_deliveries()
        facts.public |= {(village.gemeente, day): counted for day, counted in village.public.items()}
    return facts
