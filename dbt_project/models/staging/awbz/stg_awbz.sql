-- One row per indication and delivered period.
-- AWBZ indications of the newest delivery of each period.
with

awbz as (
    select * from {{ source('bron', 'awbz') }}
),

leveringen as (
    select * from {{ ref('stg_leveringen') }}
),

geldend as (
    select distinct
        leverancier,
        leverdatum,
        periode_van,
        periode_tot
    from leveringen
    where bron = 'awbz' and geldt
),

final as (
    select
        awbz.gemeentecode,
        awbz.persoon,
        awbz.besluitnummer,
        awbz.ingangsdatum,
        awbz.einddatum,
        awbz.functiecode,
        awbz.zzp,
        awbz.leveringsvorm,
        -- A care package is for persons in an institution, unless it is delivered at home; so is leveringsvorm 4.
        (awbz.zzp is not null and coalesce(awbz.leveringsvorm, '') not in ('PGB', '2', '5', '7'))
        or coalesce(awbz.leveringsvorm, '') = '4' as intramuraal,
        geldend.periode_van,
        geldend.periode_tot,
        awbz.leverdatum
    from awbz
    inner join geldend on awbz.leverancier = geldend.leverancier and awbz.leverdatum = geldend.leverdatum
)

select * from final
