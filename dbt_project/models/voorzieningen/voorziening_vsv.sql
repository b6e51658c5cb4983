-- One row per provision, person and stretch of days that it ran.
-- Vsv: out of school without startkwalificatie, from A01 until the pupil is back (A02) or has one after all (A07).
with

vsv as (
    select * from {{ ref('stg_vsv') }}
),

-- A pupil may leave two schools on one day: one spell.
uitschrijvingen as (
    select
        gemeentecode,
        persoon,
        datum_uitschrijving,
        min(peildatum) as gemeld,
        min(onderwijssoort) as onderwijssoort,
        max(leverdatum) as leverdatum
    from vsv
    where rapport = 'A01'
    group by gemeentecode, persoon, datum_uitschrijving
),

terug as (
    select
        gemeentecode,
        persoon,
        rapport,
        coalesce(datum_herinschrijving, datum_startkwalificatie) as datum,
        min(peildatum) as gemeld
    from vsv
    where rapport in ('A02', 'A07')
    group by gemeentecode, persoon, rapport, coalesce(datum_herinschrijving, datum_startkwalificatie)
),

-- A pupil is back who returned after leaving; or who had returned before, as a later report says: that pupil never left
-- at all, and such a spell ends before it begins. A startkwalificatie from before leaving does the same.
met_einde as (
    select
        uitschrijvingen.gemeentecode,
        uitschrijvingen.persoon,
        uitschrijvingen.datum_uitschrijving,
        uitschrijvingen.onderwijssoort,
        uitschrijvingen.leverdatum,
        terug.datum,
        terug.rapport,
        row_number() over (
            partition by uitschrijvingen.gemeentecode, uitschrijvingen.persoon, uitschrijvingen.datum_uitschrijving
            order by terug.datum nulls last, terug.rapport
        ) as volgorde
    from uitschrijvingen
    left join terug
        on
            uitschrijvingen.gemeentecode = terug.gemeentecode
            and uitschrijvingen.persoon = terug.persoon
            and (
                uitschrijvingen.datum_uitschrijving <= terug.datum
                or uitschrijvingen.gemeld < terug.gemeld
                or terug.rapport = 'A07'
            )
),

spells as (
    select
        gemeentecode,
        persoon,
        concat('vsv-', persoon) as voorziening_id,
        onderwijssoort as categorie,
        cast(null as {{ dbt.type_string() }}) as aanbieder,
        cast(null as bigint) as bedrag_maand,
        datum_uitschrijving as begindatum,
        datum as einddatum,
        case when rapport = 'A02' then 'onderwijs' when rapport = 'A07' then 'volgens_plan' end as reden_einde,
        leverdatum
    from met_einde
    where volgorde = 1
),

{{ voorziening('vsv', 'spells', 'vsv') }}

select * from final
