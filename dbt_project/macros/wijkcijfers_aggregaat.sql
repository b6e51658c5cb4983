{# The exact figures of a regeling that comes as aggregates (telwijze aggregaat): a whole model of the shape of macro
wijkcijfers, the cells as delivered and nothing added up: a rounded total is not the sum of rounded parts.

What the source does not give is niet_geleverd; an age class that it does not use for that indicator is nvt. Reads model
stg_<regeling>: gemeentecode, peildatum, regio_code, indicator, leeftijdsklasse, aantal, where the explicit totals over
everything else were chosen and `totaal` is all ages. #}
{% macro wijkcijfers_aggregaat(regeling) %}
-- One row per area, month-end, age group and indicator of the grid: the figure as delivered, or why there is none.
with

geleverd as (
    select * from {{ ref('stg_' ~ regeling) }}
),

rooster as (
    select * from {{ ref('rooster') }}
    where regeling = '{{ regeling }}'
),

noemers as (
    select * from {{ ref('noemer') }}
),

leeftijden as (
    select distinct
        peildatum,
        indicator,
        leeftijdsklasse
    from geleverd
),

cellen as (
    select
        rooster.*,
        case
            when leeftijden.leeftijdsklasse is null and rooster.leeftijdsgroep <> 'totaal' then 'nvt'
            -- What is missing in an aggregate is not 0: it is not known.
            when rooster.status = 'geleverd' and geleverd.aantal is null then 'niet_geleverd'
            else rooster.status
        end as status_van_cel,
        case when rooster.status = 'geleverd' then geleverd.aantal end as aantal
    from rooster
    left join leeftijden
        on
            rooster.peildatum = leeftijden.peildatum
            and rooster.indicator = leeftijden.indicator
            and rooster.leeftijdsgroep = leeftijden.leeftijdsklasse
    left join geleverd
        on
            rooster.gemeentecode = geleverd.gemeentecode
            and rooster.gebiedscode = geleverd.regio_code
            and rooster.peildatum = geleverd.peildatum
            and rooster.leeftijdsgroep = geleverd.leeftijdsklasse
            and rooster.indicator = geleverd.indicator
),

final as (
    select
        cellen.gemeentecode,
        cellen.gebiedsniveau,
        cellen.gebiedscode,
        cellen.gebiedsnaam,
        cellen.indelingsjaar,
        cellen.peildatum,
        cellen.leeftijdsgroep,
        cellen.indicator,
        cellen.eenheid,
        cellen.status_van_cel as status,
        cellen.aantal,
        case when cellen.gebiedscode not like '%onbekend' then noemers.aantal end as noemer,
        cast(null as bigint) as huishoudens,
        cast(null as bigint) as grootste_adres
    from cellen
    left join noemers
        on
            cellen.gemeentecode = noemers.gemeentecode
            and cellen.gebiedscode = noemers.gebiedscode
            and cellen.peildatum = noemers.peildatum
            and cellen.leeftijdsgroep = noemers.leeftijdsgroep
            and cellen.noemer = noemers.noemer
)

select * from final
{% endmacro %}
