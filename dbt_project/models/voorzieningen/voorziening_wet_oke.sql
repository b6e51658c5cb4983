-- One row per provision, person and stretch of days that it ran.
-- Voorschoolse educatie: a placement of one child at one centre, with an indication or without. A child that is
-- indicated and not placed has no provision; it counts in bereik_wet_oke.
with

kinderen as (
    select * from {{ ref('stg_wet_oke') }}
),

records as (
    select
        gemeentecode,
        persoon,
        concat('oke-', persoon, '-', lrk_nummer) as voorziening_id,
        datum_plaatsing as begindatum,
        datum_einde as einddatum,
        'onbekend' as reden_einde,
        case vve_indicatie when 'J' then 'met_indicatie' else 'zonder_indicatie' end as categorie,
        lrk_nummer as aanbieder,
        cast(null as bigint) as bedrag_maand,
        leverdatum,
        periode_van,
        periode_tot
    from kinderen
    where bereik = 'geplaatst'
),

{{ spells_uit_standen('records', 'wet_oke') }},

{{ voorziening('wet_oke', 'standspells', 'wet_oke') }}

select * from final
