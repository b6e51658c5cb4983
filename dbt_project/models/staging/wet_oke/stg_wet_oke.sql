-- One row per child, centre and delivered month.
-- Children in the VVE register: the newest delivery of each month. A child first known by its kindnummer and later by
-- its BSN is one person, if a delivery has both for it.
with

wet_oke as (
    select * from {{ source('bron', 'wet_oke') }}
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
    where bron = 'wet_oke' and geldt
),

gekoppeld as (
    select
        gemeentecode,
        kindnummer_persoon,
        min(persoon) as persoon
    from wet_oke
    where persoon is not null and kindnummer_persoon is not null
    group by gemeentecode, kindnummer_persoon
    -- A number that two children have had tells nothing.
    having count(distinct persoon) = 1
),

final as (
    select
        wet_oke.gemeentecode,
        coalesce(wet_oke.persoon, gekoppeld.persoon, wet_oke.kindnummer_persoon) as persoon,
        wet_oke.vve_indicatie,
        wet_oke.datum_indicatie,
        wet_oke.lrk_nummer,
        wet_oke.soort,
        wet_oke.datum_plaatsing,
        wet_oke.datum_einde,
        wet_oke.bereik,
        geldend.periode_van,
        geldend.periode_tot,
        wet_oke.leverdatum
    from wet_oke
    inner join geldend on wet_oke.leverancier = geldend.leverancier and wet_oke.leverdatum = geldend.leverdatum
    left join gekoppeld
        on
            wet_oke.gemeentecode = gekoppeld.gemeentecode
            and wet_oke.kindnummer_persoon = gekoppeld.kindnummer_persoon
)

select * from final
