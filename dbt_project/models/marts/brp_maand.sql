-- One row per gemeente and month-end of which the newest delivery of the BRP tells: it ended before that was made.
with

peilmaanden as (
    select * from {{ ref('peilmaand') }}
),

brp as (
    select
        gemeentecode,
        max(leverdatum) as leverdatum
    from {{ ref('stg_leveringen') }}
    where bron = 'brp' and geldt
    group by gemeentecode
),

final as (
    select
        peilmaanden.gemeentecode,
        peilmaanden.peildatum,
        peilmaanden.indelingsjaar
    from peilmaanden
    inner join brp on peilmaanden.gemeentecode = brp.gemeentecode and peilmaanden.peildatum < brp.leverdatum
)

select * from final
