-- One row per person and address period.
-- Who lives where, from the BRP: one row per person per address period, no two of a person at the same time.
with

brp as (
    select * from {{ ref('stg_brp') }}
),

-- A death counts for the whole person, whichever row tells it; an address ends at the latest where the next begins.
perioden as (
    select
        *,
        max(datum_overlijden) over (partition by gemeentecode, persoon) as overlijden,
        lead(datum_aanvang_adres) over (
            partition by gemeentecode, persoon order by datum_aanvang_adres
        ) as volgende_aanvang
    from brp
),

final as (
    select
        gemeentecode,
        persoon,
        datum_aanvang_adres as van,
        case
            when volgende_aanvang is null then datum_einde_adres
            when datum_einde_adres is null then volgende_aanvang
            else least(datum_einde_adres, volgende_aanvang)
        end as tot,
        overlijden,
        geboortedatum,
        adres_id as adres,
        -- A household is known by gemeente, address and household; a person without one is a household of one.
        case when huishouden_id is null then persoon else concat(adres_id, '|', huishouden_id) end as huishouden,
        straatnaam,
        postcode,
        cast(huisnummer as bigint) as huisnummer
    from perioden
)

select * from final
