{# The exact figures of a regeling that is supply (telwijze aanbod): the shape of macros/wijkcijfers.sql, services and
places instead of persons. Expects model aanbod_<regeling>: a service once in every area where it is. #}
{% macro wijkcijfers_aanbod(regeling) %}
with

aanbod as (
    select * from {{ ref('aanbod_' ~ regeling) }}
),

regelingen as (
    select * from {{ ref('regelingen') }} where regeling = '{{ regeling }}'
),

{{ indicatoren_van_telwijze() }},

peilmaanden as (
    select * from {{ ref('peilmaand') }}
),

gebieden as (
    select * from {{ ref('gebied') }}
),

noemers as (
    select * from {{ ref('noemer') }}
),

gedekt as (
    select * from {{ ref('dekking') }} where regeling = '{{ regeling }}'
),

{% set voorwaarden = {
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
tellingen as (
    {% for indicator, voorwaarde in voorwaarden.items() %}
        select
            gemeentecode,
            gebiedsniveau,
            gebiedscode,
            peildatum,
            'totaal' as leeftijdsgroep,
            '{{ indicator }}' as indicator,
            sum(case when {{ voorwaarde }} then 1 else 0 end) as aantal,
            cast(null as bigint) as huishoudens,
            cast(null as bigint) as grootste_adres
        from aanbod
        group by gemeentecode, gebiedsniveau, gebiedscode, peildatum
        union all
    {% endfor %}
    select
        gemeentecode,
        gebiedsniveau,
        gebiedscode,
        peildatum,
        'totaal' as leeftijdsgroep,
        'capaciteit' as indicator,
        sum(capaciteit) as aantal,
        cast(null as bigint) as huishoudens,
        cast(null as bigint) as grootste_adres
    from aanbod
    group by gemeentecode, gebiedsniveau, gebiedscode, peildatum
),

{{ rooster() }},

exact as (
    select
        gemeentecode,
        gebiedsniveau,
        gebiedscode,
        gebiedsnaam,
        indelingsjaar,
        peildatum,
        leeftijdsgroep,
        indicator,
        eenheid,
        status,
        cast(aantal as bigint) as aantal,
        noemer,
        huishoudens,
        grootste_adres
    from final
)

select * from exact
{% endmacro %}
