-- The month-ends that the deliveries of a regeling cover, per gemeente. A month that is not here is niet_geleverd.
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
        max(leveringen.leverdatum) as leverdatum
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
