-- One row per gemeente or wijk and month that has contacts: how many. Nobody is known: no ages, no households.
with

contacten as (
    select * from {{ ref('actief_cjg') }}
),

per_niveau as (
    select
        contacten.*,
        niveaus.gebiedsniveau,
        {{ gebied_op_niveau('contacten') }} as gebiedscode
    from contacten
    cross join {{ niveaus() }}
),

final as (
    select
        gemeentecode,
        gebiedsniveau,
        gebiedscode,
        peildatum,
        'totaal' as leeftijdsgroep,
        'voorzieningen' as indicator,
        count(distinct voorziening_id) as aantal,
        cast(null as bigint) as huishoudens,
        cast(null as bigint) as grootste_adres
    from per_niveau
    group by gemeentecode, gebiedsniveau, gebiedscode, peildatum
)

select * from final
