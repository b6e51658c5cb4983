{# The exact figures of a regeling whose contacts have no person: the contacts of each month, per gemeente and wijk.

Everything about persons and households is nvt (eenheid in seeds/regelingen.csv); a contact lies in the wijk of its PC4.
Counted from model actief_<regeling>. #}
{% macro wijkcijfers_contacten(regeling) %}
with

actief as (
    select * from {{ ref('actief_' ~ regeling) }}
),

noemers as (
    select * from {{ ref('noemer') }}
),

gedekt as (
    select * from {{ ref('dekking') }} where regeling = '{{ regeling }}'
),

{{ rooster_invoer(regeling) }},

actief_per_niveau as (
    {{ per_niveau('actief') }}
),

tellingen as (
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
    from actief_per_niveau
    group by gemeentecode, gebiedsniveau, gebiedscode, peildatum
),

{{ rooster() }}

select * from final
{% endmacro %}
