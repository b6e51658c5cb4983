-- One row per gemeente, month-end and indicator that compares two month-ends.
-- The month-end that each flow compares a month with: so many months before, by indicator. Where that lies before the
-- first month of the monitor (`voor_monitor`) there is nothing to compare with.
with

peilmaanden as (
    select * from {{ ref('peilmaand') }}
),

stromen as (
    select
        indicator,
        maanden,
        om_de_maanden
    from {{ ref('indicatoren') }}
    where soort in ('stroom', 'verhuizing', 'stand_toen')
),

vergelijkingen as (
    select
        peilmaanden.gemeentecode,
        peilmaanden.peildatum,
        peilmaanden.indelingsjaar,
        stromen.indicator,
        stromen.maanden,
        {{ month_end(add_months('peilmaanden.peildatum', '-stromen.maanden')) }} as toen
    from peilmaanden
    cross join stromen
    where month(peilmaanden.peildatum) % stromen.om_de_maanden = 0
),

begin_van_monitor as (
    select
        gemeentecode,
        min(peildatum) as eerste_peildatum
    from peilmaanden
    group by gemeentecode
),

final as (
    select
        vergelijkingen.*,
        vergelijkingen.toen < begin_van_monitor.eerste_peildatum as voor_monitor
    from vergelijkingen
    inner join begin_van_monitor on vergelijkingen.gemeentecode = begin_van_monitor.gemeentecode
)

select * from final
