{# The exact figures of a regeling that comes as aggregates (telwijze aggregaat): the shape of macros/wijkcijfers.sql, the
cells as delivered and nothing added up: a rounded total is not the sum of rounded parts.

Only the peildata that the source has of any gemeente. What it does not give is niet_geleverd; an age class that it does
not use is nvt. Expects model stg_<regeling>: gemeentecode, peildatum, regio_code, leeftijdsklasse, aantal, where the
explicit totals over everything else were chosen and `totaal` is all ages. #}
{% macro wijkcijfers_aggregaat(regeling) %}
with

geleverd as (
    select * from {{ ref('stg_' ~ regeling) }}
),

regelingen as (
    select * from {{ ref('regelingen') }} where regeling = '{{ regeling }}'
),

{{ indicatoren_van_telwijze() }},

gedekt as (
    select * from {{ ref('dekking') }} where regeling = '{{ regeling }}'
),

peilmaanden as (
    select * from {{ ref('peilmaand') }}
    where peildatum in (select gedekt.peildatum from gedekt)
),

gebieden as (
    select * from {{ ref('gebied') }}
),

noemers as (
    select * from {{ ref('noemer') }}
),

tellingen as (
    select
        geleverd.gemeentecode,
        gebieden.gebiedsniveau,
        geleverd.regio_code as gebiedscode,
        geleverd.peildatum,
        geleverd.leeftijdsklasse as leeftijdsgroep,
        'clienten' as indicator,
        geleverd.aantal,
        cast(null as bigint) as huishoudens,
        cast(null as bigint) as grootste_adres
    from geleverd
    inner join peilmaanden
        on geleverd.gemeentecode = peilmaanden.gemeentecode and geleverd.peildatum = peilmaanden.peildatum
    inner join gebieden
        on
            geleverd.gemeentecode = gebieden.gemeentecode
            and geleverd.regio_code = gebieden.gebiedscode
            and peilmaanden.indelingsjaar = gebieden.indelingsjaar
),

leeftijden as (
    select distinct
        peildatum,
        leeftijdsklasse
    from geleverd
),

{{ rooster() }},

-- The grid counts what is missing as 0; of an aggregate it is not known.
cellen as (
    select
        final.gemeentecode,
        final.gebiedsniveau,
        final.gebiedscode,
        final.gebiedsnaam,
        final.indelingsjaar,
        final.peildatum,
        final.leeftijdsgroep,
        final.indicator,
        final.eenheid,
        case
            when leeftijden.leeftijdsklasse is null and final.leeftijdsgroep <> 'totaal' then 'nvt'
            when final.status = 'geleverd' and tellingen.aantal is null then 'niet_geleverd'
            else final.status
        end as status,
        case when final.status = 'geleverd' then tellingen.aantal end as aantal,
        final.noemer,
        final.huishoudens,
        final.grootste_adres
    from final
    left join leeftijden
        on final.peildatum = leeftijden.peildatum and final.leeftijdsgroep = leeftijden.leeftijdsklasse
    left join tellingen
        on
            final.gemeentecode = tellingen.gemeentecode
            and final.gebiedscode = tellingen.gebiedscode
            and final.peildatum = tellingen.peildatum
            and final.leeftijdsgroep = tellingen.leeftijdsgroep
)

select * from cellen
{% endmacro %}
