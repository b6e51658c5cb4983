-- One row per area, month and indicator of supply: the services and places that are given on the peildatum.
{% set diensten = {
    'diensten': 'true',
    'vrij_toegankelijk': 'vrij_toegankelijk',
    'op_indicatie': 'indicatie_nodig',
    'diensten_lijn_0': 'lijn = 0',
    'diensten_lijn_1': 'lijn = 1',
    'diensten_lijn_2': 'lijn = 2',
    'diensten_jongeren': "deelprogramma = 'jongeren'",
    'diensten_volwassenen': "deelprogramma = 'volwassenen'",
    'diensten_ouderen_en_kwetsbaren': "deelprogramma = 'ouderen_en_kwetsbaren'",
    'diensten_verouderd': 'verouderd',
} %}
with

aanbod as (
    select * from {{ ref('aanbod_maatschappelijke_dienstverlening') }}
),

-- A service is one in each figure that it is in; places are counted as many as there are.
delen as (
    select
        *,
        'capaciteit' as indicator,
        capaciteit as telt_voor
    from aanbod
    {% for indicator, voorwaarde in diensten.items() %}
        union all
        select
            *,
            '{{ indicator }}' as indicator,
            case when {{ voorwaarde }} then 1 else 0 end as telt_voor
        from aanbod
    {% endfor %}
),

final as (
    select
        gemeentecode,
        gebiedsniveau,
        gebiedscode,
        peildatum,
        'totaal' as leeftijdsgroep,
        indicator,
        cast(sum(telt_voor) as bigint) as aantal,
        cast(null as bigint) as huishoudens,
        cast(null as bigint) as grootste_adres
    from delen
    group by gemeentecode, gebiedsniveau, gebiedscode, peildatum, indicator
)

select * from final
