-- One row per provision, person and stretch of days that it ran.
-- Wsw: a place in the workforce, from the first work form to the end of the last one. Another work form ends nothing;
-- a person who waits without a work form (until 2014 on the waiting list) has no place.
with

wsw as (
    select * from {{ ref('stg_wsw') }}
),

codelijsten as (
    select * from {{ ref('codelijsten') }}
),

plaatsingen as (
    select
        gemeentecode,
        persoon,
        reden_ontslag,
        bestemming,
        leverdatum,
        periode_van,
        periode_tot,
        case
            when begin_begeleid_werken < begin_dienstbetrekking then begin_begeleid_werken
            else coalesce(begin_dienstbetrekking, begin_begeleid_werken)
        end as begindatum,
        case
            when
                reden_ontslag is null
                and (
                    (begin_dienstbetrekking is not null and eind_dienstbetrekking is null)
                    or (begin_begeleid_werken is not null and eind_begeleid_werken is null)
                ) then null
            when eind_begeleid_werken > eind_dienstbetrekking then eind_begeleid_werken
            else coalesce(eind_dienstbetrekking, eind_begeleid_werken)
        end as einddatum,
        case
            when begin_dienstbetrekking is null or begin_begeleid_werken > begin_dienstbetrekking then 'begeleid werken'
            else 'dienstbetrekking'
        end as werkvorm
    from wsw
    where begin_dienstbetrekking is not null or begin_begeleid_werken is not null
),

-- After outflow a new record starts as a copy of the old one: of two with the same begin, the closed one holds.
gekozen as (
    select
        *,
        row_number() over (
            partition by gemeentecode, persoon, begindatum, periode_tot
            order by case when reden_ontslag is null then 1 else 0 end, einddatum desc, leverdatum desc
        ) as keuze
    from plaatsingen
),

records as (
    select
        gekozen.gemeentecode,
        gekozen.persoon,
        concat('wsw-', gekozen.persoon) as voorziening_id,
        gekozen.begindatum,
        gekozen.einddatum,
        coalesce(bestemmingen.norm, redenen.norm, 'onbekend') as reden_einde,
        gekozen.werkvorm as categorie,
        cast(null as {{ dbt.type_string() }}) as aanbieder,
        cast(null as bigint) as bedrag_maand,
        gekozen.leverdatum,
        gekozen.periode_van,
        gekozen.periode_tot
    from gekozen
    left join codelijsten as bestemmingen
        on gekozen.bestemming = bestemmingen.code and bestemmingen.codelijst = 'WSW_BESTEMMING'
    left join codelijsten as redenen
        on gekozen.reden_ontslag = redenen.code and redenen.codelijst = 'WSW_REDEN_ONTSLAG'
    where gekozen.keuze = 1
),

{{ spells_uit_standen('records', 'wsw') }},

plaatsspells as (
    select * from standspells
    where einddatum is null or einddatum >= begindatum
),

-- A second change of work form overwrites the dates of the first: a later begin, but the same place. What follows on
-- an outflow does not overlap it, and is a new one.
{{ aaneengesloten('plaatsspells', 0) }},

{{ voorziening('wsw', 'plaatsspells_aaneen', 'wsw') }}

select * from final
