-- One row per gemeente, month-end and address at which more than ten households live: an institution, as far as the
-- households there can be told apart. Also of a month that the BRP does not reach yet: its clients are placed by who
-- lived there last, and so are their neighbours.
with

personen as (
    select * from {{ ref('personen') }}
    where toestand = 'woont'
),

maanden as (
    select * from {{ ref('peilmaand') }}
),

final as (
    select
        maanden.gemeentecode,
        maanden.peildatum,
        personen.adres
    from personen
    inner join maanden
        on
            personen.gemeentecode = maanden.gemeentecode
            and personen.indelingsjaar = maanden.indelingsjaar
            and personen.van <= maanden.peildatum
            and personen.tot > maanden.peildatum
    group by maanden.gemeentecode, maanden.peildatum, personen.adres
    having count(distinct personen.huishouden) > 10
)

select * from final
