-- One row per regeling, gemeente and month-end that is covered.
-- The month-ends that the deliveries of a regeling cover, per gemeente. A month that is not here is niet_geleverd.
{% set berichten = "case when leveringen.semantiek = 'berichten' then 1 else 0 end" %}
with

regelingen as (
    select * from {{ ref('regelingen') }}
),

leveringen as (
    select * from {{ ref('stg_leveringen') }}
    where geldt
),

run as (
    select * from {{ source('bron', 'run') }}
),

grenzen as (
    select
        min(leveringen.dekt_van) as eerste,
        max(run.stand) as stand
    from leveringen
    cross join run
),

-- A yearly list covers months before the monitor began: it begins where the BRP says that its residents do.
aanvang as (
    select min(periode_van) as eerste
    from leveringen
    where bron = 'brp'
),

maanden as (
    {{ month_ends("(select eerste from grenzen)", "(select stand from grenzen)") }}
),

final as (
    select
        regelingen.regeling,
        leveringen.gemeentecode,
        maanden.peildatum,
        max(leveringen.leverdatum) as leverdatum,
        -- A registration may have two routes. When both cover a month, one counts: messages, which are newer and
        -- carry corrections, before a stock. The other is not added; `ook_geleverd` tells of it.
        case when max({{ berichten }}) = 1 then 'berichten' else max(leveringen.semantiek) end as semantiek,
        case
            when max({{ berichten }}) = 1
                then max(case when leveringen.semantiek <> 'berichten' then leveringen.semantiek end)
        end as ook_geleverd
    from regelingen
    inner join leveringen on regelingen.bron = leveringen.bron
    inner join maanden on leveringen.dekt_van <= maanden.peildatum and leveringen.dekt_tot >= maanden.peildatum
    cross join run
    cross join aanvang
    where
        maanden.peildatum < run.stand
        and (aanvang.eerste is null or maanden.peildatum >= aanvang.eerste)
    group by regelingen.regeling, leveringen.gemeentecode, maanden.peildatum
)

select * from final
