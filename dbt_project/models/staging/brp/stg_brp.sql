-- One row per person and address period.
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

-- Partial birth dates: jjjjmm00 is the 1st, jjjj0000 is 1 July (design.md section 6).
hele_datums as (
    select
        brp.*,
        case
            when brp.geboortedatum like '%0000' then concat(substr(brp.geboortedatum, 1, 4), '0701')
            when brp.geboortedatum like '%00' then concat(substr(brp.geboortedatum, 1, 6), '01')
            else brp.geboortedatum
        end as geboortedag
    from brp
    inner join geldend on brp.leverancier = geldend.leverancier and brp.leverdatum = geldend.leverdatum
),

final as (
    select
        gemeentecode,
        persoon,
        {{ parse_yyyymmdd('geboortedag') }} as geboortedatum,
        straatnaam,
        postcode,
        huisnummer,
        adres_id,
        huishouden_id,
        datum_aanvang_adres,
        datum_einde_adres,
        datum_overlijden,
        leverdatum
    from hele_datums
)

select * from final
