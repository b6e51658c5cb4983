-- One row per service, place and delivered month.
-- Services by the places where they are given, of the deliveries that count: the last of each month.
with

aanbod as (
    select * from {{ source('bron', 'aanbod') }}
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
    where bron = 'aanbod' and geldt
),

final as (
    select
        aanbod.gemeentecode,
        aanbod.dienst_id,
        aanbod.naam,
        aanbod.status,
        aanbod.organisatie_id,
        aanbod.organisatie,
        cast(aanbod.lijn as integer) as lijn,
        aanbod.deelprogramma,
        aanbod.doelgroep,
        aanbod.leefgebied,
        aanbod.financiering,
        aanbod.vrij_toegankelijk = 'ja' as vrij_toegankelijk,
        aanbod.indicatie_nodig = 'ja' as indicatie_nodig,
        aanbod.capaciteit,
        aanbod.wachttijd_weken,
        aanbod.locatie_id,
        aanbod.postcode,
        aanbod.huisnummer,
        aanbod.werkgebied,
        aanbod.geldig_van,
        aanbod.geldig_tot,
        aanbod.laatst_gecontroleerd,
        geldend.periode_van,
        geldend.periode_tot,
        aanbod.leverdatum,
        aanbod.rij
    from aanbod
    inner join geldend on aanbod.leverancier = geldend.leverancier and aanbod.leverdatum = geldend.leverdatum
)

select * from final
