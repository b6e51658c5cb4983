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
    where maanden.peildatum < run.stand
    group by regelingen.regeling, leveringen.gemeentecode, maanden.peildatum
)

select * from final
