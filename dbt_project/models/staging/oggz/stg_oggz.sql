-- One row per report and delivered period.
-- OGGZ reports, of the newest delivery of each period. A code means a person within one region only: the same code of
-- another region is somebody else.
with

oggz as (
    select * from {{ source('bron', 'oggz') }}
),

leveringen as (
    select * from {{ ref('stg_leveringen') }}
),

geldend as (
    select distinct
        leverancier,
        leverdatum
    from leveringen
    where bron = 'oggz' and geldt
),

final as (
    select
        oggz.gemeentecode,
        oggz.leverancier,
        concat(oggz.leverancier, '|', oggz.code_persoon) as persoon,
        oggz.melddatum,
        oggz.problematiek,
        oggz.datum_afsluiting,
        oggz.resultaat,
        -- A briefadres is where letters go, not where somebody is.
        case when coalesce(oggz.briefadres, 'N') <> 'J' then oggz.postcode4 end as postcode4,
        oggz.periode_van,
        oggz.periode_tot,
        oggz.leverdatum
    from oggz
    inner join geldend on oggz.leverancier = geldend.leverancier and oggz.leverdatum = geldend.leverdatum
)

select * from final
