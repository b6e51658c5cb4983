-- One row per gemeente, month-end and indicator of a longer use.
-- The periods of which the use is counted, as CBS counts Wmo and youth care per half-year and year: every indicator of
-- soort gebruik over more than a month. `peildatum` is the last day; what began before the monitor did (`voor_monitor`)
-- cannot be told.
with

peilmaanden as (
    select * from {{ ref('peilmaand') }}
),

soorten as (
    select
        indicator,
        maanden,
        om_de_maanden
    from {{ ref('indicatoren') }}
    where soort = 'gebruik' and maanden > 1
),

perioden as (
    select
        peilmaanden.gemeentecode,
        peilmaanden.peildatum,
        peilmaanden.indelingsjaar,
        soorten.indicator,
        soorten.maanden,
        {{ add_days(month_end(add_months('peilmaanden.peildatum', '-soorten.maanden')), 1) }} as van
    from peilmaanden
    cross join soorten
    where month(peilmaanden.peildatum) % soorten.om_de_maanden = 0
),

begin_van_monitor as (
    select
        gemeentecode,
        min(maand_begin) as eerste_dag
    from peilmaanden
    group by gemeentecode
),

final as (
    select
        perioden.*,
        perioden.van < begin_van_monitor.eerste_dag as voor_monitor
    from perioden
    inner join begin_van_monitor on perioden.gemeentecode = begin_van_monitor.gemeentecode
)

select * from final
