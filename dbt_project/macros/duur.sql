{# How long provisions of a regeling last: a whole model, one row per area, quarter-end and indicator.
`opgegeven`: the model of where the deliveries place who never occurs in the BRP. #}
{% macro duur(regeling, opgegeven=none) %}
-- One row per gemeente or wijk, quarter-end and indicator: the median duration in whole months of what ended in the
-- last twelve months, and of what is running; from 30 provisions of 30 persons up.
with

voorzieningen as (
    select * from {{ ref('voorziening_' ~ regeling) }}
),

kwartalen as (
    select * from {{ ref('peilmaand') }}
    where is_kwartaaleinde
),

dekking as (
    select * from {{ ref('dekking') }}
    where regeling = '{{ regeling }}'
),

-- A running provision ends, for now, on the peildatum; a client who died is placed on the day before.
per_kwartaal as (
    select
        voorzieningen.*,
        kwartalen.peildatum,
        kwartalen.indelingsjaar,
        coalesce(voorzieningen.einddatum <= kwartalen.peildatum, false) as beeindigd,
        least(coalesce(voorzieningen.einddatum, kwartalen.peildatum), kwartalen.peildatum) as einde,
        case
            when voorzieningen.einddatum <= kwartalen.peildatum
                then greatest(voorzieningen.begindatum, {{ add_days('voorzieningen.einddatum', -1) }})
            else kwartalen.peildatum
        end as datum
    from voorzieningen
    inner join kwartalen
        on
            voorzieningen.gemeentecode = kwartalen.gemeentecode
            and voorzieningen.begindatum <= kwartalen.peildatum
            and (
                voorzieningen.einddatum is null
                or voorzieningen.einddatum > {{ add_months('kwartalen.peildatum', -12) }}
            )
),

-- Where a registration has two routes, one tells a month and what ended in it; what the other took over goes on.
te_tellen as (
    select
        per_kwartaal.gemeentecode,
        per_kwartaal.persoon,
        per_kwartaal.peildatum,
        per_kwartaal.indelingsjaar,
        per_kwartaal.beeindigd,
        per_kwartaal.datum,
        {{ whole_months('per_kwartaal.begindatum', 'per_kwartaal.einde') }} as maanden
    from per_kwartaal
    left join dekking
        on
            per_kwartaal.gemeentecode = dekking.gemeentecode
            and {{ month_end('per_kwartaal.einde') }} = dekking.peildatum
    where
        per_kwartaal.route is null
        or (
            per_kwartaal.route = coalesce(dekking.semantiek, per_kwartaal.route)
            and (not per_kwartaal.beeindigd or coalesce(per_kwartaal.reden_einde, '') <> 'andere_route')
        )
),

geplaatst as (
    select
        te_tellen.*,
        {{ waar('te_tellen', opgegeven) }}
    from te_tellen
    {{ plaats_op('te_tellen', 'te_tellen.datum', 'te_tellen.indelingsjaar', opgegeven) }}
),

per_niveau as (
    select
        geplaatst.*,
        niveaus.gebiedsniveau,
        {{ gebied_op_niveau('geplaatst') }} as gebiedscode
    from geplaatst
    cross join {{ niveaus() }}
    where niveaus.gebiedsniveau <> 'buurt' and geplaatst.toestand in ('woont', 'onbekend_in_brp')
),

final as (
    select
        gemeentecode,
        gebiedsniveau,
        gebiedscode,
        peildatum,
        'totaal' as leeftijdsgroep,
        case when beeindigd then 'duur_mediaan_maanden' else 'duur_mediaan_maanden_lopend' end as indicator,
        cast(floor({{ mediaan('maanden') }}) as bigint) as aantal,
        cast(null as bigint) as huishoudens,
        cast(null as bigint) as grootste_adres
    from per_niveau
    group by gemeentecode, gebiedsniveau, gebiedscode, peildatum, beeindigd
    having count(*) >= 30 and count(distinct persoon) >= 30
)

select * from final
{% endmacro %}
