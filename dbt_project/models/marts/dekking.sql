-- The month-ends that the deliveries of a regeling cover, per gemeente. A month that is not here is niet_geleverd.
with

regelingen as (
    select * from {{ ref('regelingen') }}
),

leveringen as (
    select * from {{ ref('stg_leveringen') }}
    where geldt
),

grenzen as (
    select
        min(dekt_van) as eerste,
        cast('{{ var("stand") }}' as date) as stand
    from leveringen
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
    inner join maanden on maanden.peildatum >= leveringen.dekt_van and maanden.peildatum <= leveringen.dekt_tot
    where maanden.peildatum < cast('{{ var("stand") }}' as date)
    group by regelingen.regeling, leveringen.gemeentecode, maanden.peildatum
)

select * from final
