-- Address periods of the newest BRP delivery of each leverancier.
with

brp as (
    select * from {{ source('bron', 'brp') }}
),

leveringen as (
    select * from {{ ref('stg_leveringen') }}
),

geldend as (
    select distinct
        leverancier,
        leverdatum
    from leveringen
    where bron = 'brp' and geldt
),

final as (
    select
        brp.gemeentecode,
        brp.persoon,
        -- Partial birth dates: jjjjmm00 is the 1st, jjjj0000 is 1 July (design.md section 6).
        {{ parse_yyyymmdd("case when brp.geboortedatum like '%0000' then concat(substr(brp.geboortedatum, 1, 4), '0701')"
            ~ " when brp.geboortedatum like '%00' then concat(substr(brp.geboortedatum, 1, 6), '01')"
            ~ " else brp.geboortedatum end") }} as geboortedatum,
        brp.straatnaam,
        brp.postcode,
        brp.huisnummer,
        brp.adres_id,
        brp.huishouden_id,
        brp.datum_aanvang_adres,
        brp.datum_einde_adres,
        brp.datum_overlijden,
        brp.leverdatum
    from brp
    inner join geldend on brp.leverancier = geldend.leverancier and brp.leverdatum = geldend.leverdatum
)

select * from final
