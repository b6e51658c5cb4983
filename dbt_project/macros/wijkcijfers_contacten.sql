{# The exact figures of a regeling whose contacts have no person: the contacts of each month, per gemeente and wijk.

Everything about persons and households is nvt (eenheid in seeds/regelingen.csv); a contact lies in the wijk of its PC4. #}
{% macro wijkcijfers_contacten(regeling) %}
with

contacten as (
    select * from {{ ref('voorziening_' ~ regeling) }}
),

postcodegebieden as (
    select * from {{ ref('postcodegebied') }}
),

noemers as (
    select * from {{ ref('noemer') }}
),

gedekt as (
    select * from {{ ref('dekking') }} where regeling = '{{ regeling }}'
),

{{ rooster_invoer(regeling) }},

geplaatst as (
    select
        contacten.gemeentecode,
        contacten.voorziening_id,
        peilmaanden.peildatum,
        coalesce(
            postcodegebieden.wijkcode, concat('WK', substr(contacten.gemeentecode, 3), 'onbekend')
        ) as wijkcode,
        concat('BU', substr(contacten.gemeentecode, 3), 'onbekend') as buurtcode
    from contacten
    inner join peilmaanden
        on
            contacten.gemeentecode = peilmaanden.gemeentecode
            and contacten.begindatum >= peilmaanden.maand_begin
            and contacten.begindatum <= peilmaanden.peildatum
    left join postcodegebieden
        on
            contacten.gemeentecode = postcodegebieden.gemeentecode
            and peilmaanden.indelingsjaar = postcodegebieden.indelingsjaar
            and contacten.postcode4 = postcodegebieden.postcode4
),

contacten_per_niveau as (
    {{ per_niveau('geplaatst') }}
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
    from contacten_per_niveau
    group by gemeentecode, gebiedsniveau, gebiedscode, peildatum
),

{{ rooster() }}

select * from final
{% endmacro %}
