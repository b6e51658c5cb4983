-- One row per provision, person and stretch of days that it ran.
-- Collectieve zorgverzekering: who is insured, from the list of each calendar year. Partner and children share the
-- policy of the holder: each is a person, the policy is one provision. For a person who is not on the next year's list
-- and had no end date it ended on 31 December.
with

verzekerden as (
    select * from {{ ref('stg_collectieve_zorgverzekering') }}
),

records as (
    select
        gemeentecode,
        persoon,
        concat('czv-', relatienummer) as voorziening_id,
        ingangsdatum as begindatum,
        einddatum,
        'onbekend' as reden_einde,
        verzekerde_rol as categorie,
        cast(null as {{ dbt.type_string() }}) as aanbieder,
        cast(null as bigint) as bedrag_maand,
        leverdatum,
        periode_van,
        periode_tot
    from verzekerden
),

{{ spells_uit_standen('records', 'collectieve_zorgverzekering') }},

{{ voorziening('collectieve_zorgverzekering', 'standspells', 'collectieve_zorgverzekering') }}

select * from final
