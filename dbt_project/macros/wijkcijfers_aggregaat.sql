{# The exact figures of a regeling that comes as aggregates (telwijze aggregaat): the shape of macros/wijkcijfers.sql, the
cells as delivered and nothing added up: a rounded total is not the sum of rounded parts.

Only the peildata that the source has of any gemeente. What it does not give is niet_geleverd; an age class that it does
not use for that indicator is nvt, and so is a regime before it began. Expects model stg_<regeling>: gemeentecode, peildatum,
regio_code, indicator, leeftijdsklasse, aantal, where the explicit totals over everything else were chosen and `totaal`
is all ages. #}
{% macro wijkcijfers_aggregaat(regeling) %}
with

geleverd as (
    select * from {{ ref('stg_' ~ regeling) }}
),

-- A regime (code with an indicator of its own) has a first day; a total over regelingen has none.
regimes as (
    select
        norm as indicator,
        geldig_van
    from {{ ref('codelijsten') }}
    where codelijst = 'AO_REGELING' and norm is not null and geldig_van is not null
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
        geleverd.indicator,
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
        indicator,
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
            when final.peildatum < regimes.geldig_van then 'nvt'
            when leeftijden.leeftijdsklasse is null and final.leeftijdsgroep <> 'totaal' then 'nvt'
            when final.status = 'geleverd' and tellingen.aantal is null then 'niet_geleverd'
            else final.status
        end as status,
        case
            when final.status = 'geleverd' and (regimes.geldig_van is null or final.peildatum >= regimes.geldig_van)
                then tellingen.aantal
        end as aantal,
        final.noemer,
        final.huishoudens,
        final.grootste_adres
    from final
    left join regimes
        on final.indicator = regimes.indicator
    left join leeftijden
        on
            final.peildatum = leeftijden.peildatum
            and final.indicator = leeftijden.indicator
            and final.leeftijdsgroep = leeftijden.leeftijdsklasse
    left join tellingen
        on
            final.gemeentecode = tellingen.gemeentecode
            and final.gebiedscode = tellingen.gebiedscode
            and final.peildatum = tellingen.peildatum
            and final.leeftijdsgroep = tellingen.leeftijdsgroep
            and final.indicator = tellingen.indicator
)

select * from cellen
{% endmacro %}
