-- One row per provision, person and stretch of days that it ran.
-- AWBZ: an indication of one function, or of one care package (ZZP). An indication is not use; one that has expired
-- ends on its einddatum, also when it stays in the deliveries.
with

indicaties as (
    select * from {{ ref('stg_awbz') }}
),

records as (
    select
        gemeentecode,
        persoon,
        concat('awbz-', besluitnummer, '-', coalesce(functiecode, concat('zzp', zzp))) as voorziening_id,
        ingangsdatum as begindatum,
        einddatum,
        'onbekend' as reden_einde,
        coalesce(functiecode, concat('zzp', zzp)) as categorie,
        cast(null as {{ dbt.type_string() }}) as aanbieder,
        cast(null as bigint) as bedrag_maand,
        leverdatum,
        periode_van,
        periode_tot
    from indicaties
),

{{ spells_uit_standen('records', 'awbz') }},

{{ voorziening('awbz', 'standspells', 'awbz', code="replace(spells.categorie, 'zzp', '')") }}

select * from final
