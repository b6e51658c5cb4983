-- One row per gemeente and month-end of the monitor.
-- The months of the monitor: from the first that any delivery covers to the last that ended before the stand.
-- Which months there are depends on deliveries only, never on counts.
with

dekking as (
    select * from {{ ref('dekking') }}
),

run as (
    select * from {{ source('bron', 'run') }}
),

leveringen as (
    select * from {{ ref('stg_leveringen') }}
),

adressen as (
    select * from {{ ref('stg_gebieden_adressen') }}
),

-- A month stays in the areas in which it was published.
vastgelegd as (
    select * from {{ source('bron', 'indeling') }}
),

gemeenten as (
    select distinct gemeentecode
    from leveringen
    where gemeentecode like 'GM%'
),

grenzen as (
    select
        min(dekking.peildatum) as eerste,
        max(run.stand) as stand
    from dekking
    cross join run
),

maanden as (
    select reeks.peildatum
    from ({{ month_ends("(select eerste from grenzen)", "(select stand from grenzen)") }}) as reeks
    cross join run
    where reeks.peildatum < run.stand
),

jaren as (
    select distinct
        gemeentecode,
        indelingsjaar
    from adressen
),

-- The areas of a month are those of its own year, else of the latest earlier year, else of the earliest later one.
met_indeling as (
    select
        gemeenten.gemeentecode,
        maanden.peildatum,
        coalesce(
            max(vastgelegd.indelingsjaar),
            max(case when jaren.indelingsjaar <= year(maanden.peildatum) then jaren.indelingsjaar end),
            min(jaren.indelingsjaar),
            year(maanden.peildatum)
        ) as indelingsjaar
    from gemeenten
    cross join maanden
    left join jaren on gemeenten.gemeentecode = jaren.gemeentecode
    left join vastgelegd
        on gemeenten.gemeentecode = vastgelegd.gemeentecode and maanden.peildatum = vastgelegd.peildatum
    group by gemeenten.gemeentecode, maanden.peildatum
),

final as (
    select
        gemeentecode,
        peildatum,
        {{ add_days(month_end(add_months('peildatum', -1)), 1) }} as maand_begin,
        cast(indelingsjaar as integer) as indelingsjaar,
        peildatum = min(peildatum) over (partition by gemeentecode) as eerste_maand,
        {{ month_end(add_months('peildatum', -1)) }} as vorige_peildatum,
        month(peildatum) in (3, 6, 9, 12) as is_kwartaaleinde,
        {{ month_end(add_months('peildatum', -3)) }} as vorig_kwartaaleinde,
        {{ month_end(add_months('peildatum', -3)) }}
        < min(peildatum) over (partition by gemeentecode) as eerste_kwartaal
    from met_indeling
)

select * from final
