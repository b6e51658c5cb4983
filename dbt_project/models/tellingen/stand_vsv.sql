-- One row per area, month and age group: who left school since 1 October and is not back.
with

actief as (
    select
        *,
        case when buiten_de_wet then 'onbekend' else leeftijdsgroep end as groep
    from {{ ref('actief_vsv') }}
    where telt
),

per_leeftijd as (
    select
        *,
        groep as leeftijdsgroep_van_wet
    from actief
    union all
    select
        *,
        'totaal' as leeftijdsgroep_van_wet
    from actief
),

per_niveau as (
    select
        per_leeftijd.*,
        niveaus.gebiedsniveau,
        {{ gebied_op_niveau('per_leeftijd') }} as gebiedscode
    from per_leeftijd
    cross join {{ niveaus() }}
),

final as (
    select
        gemeentecode,
        gebiedsniveau,
        gebiedscode,
        peildatum,
        leeftijdsgroep_van_wet as leeftijdsgroep,
        'clienten' as indicator,
        count(distinct persoon) as aantal,
        count(distinct huishouden) as huishoudens,
        cast(null as bigint) as grootste_adres
    from per_niveau
    group by gemeentecode, gebiedsniveau, gebiedscode, peildatum, leeftijdsgroep_van_wet
)

select * from final
