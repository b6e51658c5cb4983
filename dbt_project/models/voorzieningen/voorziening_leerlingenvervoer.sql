-- One row per provision, person and stretch of days that it ran.
-- Leerlingenvervoer: a decision on transport of one pupil, from the list of each school year. A decision without an end
-- date that is not on the next school year's list ended on 31 July.
with

beschikkingen as (
    select * from {{ ref('stg_leerlingenvervoer') }}
),

records as (
    select
        gemeentecode,
        persoon,
        concat('llv-', beschikkingnr) as voorziening_id,
        datum_begin as begindatum,
        datum_einde as einddatum,
        -- Nearly all end with the school year, as they were granted.
        case when datum_einde >= periode_tot then 'volgens_plan' else 'onbekend' end as reden_einde,
        vervoersoort as categorie,
        cast(null as {{ dbt.type_string() }}) as aanbieder,
        cast(round(kosten_jaar / 12) as bigint) as bedrag_maand,
        leverdatum,
        periode_van,
        periode_tot
    from beschikkingen
),

{{ spells_uit_standen('records', 'leerlingenvervoer') }},

{{ voorziening('leerlingenvervoer', 'standspells', 'leerlingenvervoer') }}

select * from final
