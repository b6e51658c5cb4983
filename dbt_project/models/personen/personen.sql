-- One row per resident whom the BRP ever knew, stretch of days and indelingsjaar: where that person is placed in those
-- days. The stretches of a person follow each other from the first day to the last, so every day is in exactly one.
{% set eerste_dag = "cast('0001-01-01' as date)" %}
{% set laatste_dag = "cast('9999-12-31' as date)" %}

with

bewoning as (
    select * from {{ ref('bewoning') }}
),

adressen as (
    select * from {{ ref('stg_gebieden_adressen') }}
),

jaren as (
    select distinct
        gemeentecode,
        indelingsjaar
    from {{ ref('peilmaand') }}
),

-- A person who has died lives nowhere, whatever the address says.
woonde as (
    select
        gemeentecode,
        persoon,
        adres,
        huishouden,
        straatnaam,
        postcode,
        huisnummer,
        van,
        least(coalesce(tot, {{ laatste_dag }}), coalesce(overlijden, {{ laatste_dag }})) as tot,
        coalesce(overlijden, {{ laatste_dag }}) as overlijden,
        max(geboortedatum) over (partition by gemeentecode, persoon) as geboortedatum,
        lag(van) over (partition by gemeentecode, persoon order by van) as vorige_van,
        lead(van) over (partition by gemeentecode, persoon order by van) as volgende_van
    from bewoning
),

-- Before the first address, after the last, and between two that do not adjoin: elsewhere. Then, if ever, death.
woonde_niet as (
    select
        gemeentecode,
        persoon,
        geboortedatum,
        'vertrokken' as toestand,
        {{ eerste_dag }} as van,
        least(van, overlijden) as tot
    from woonde
    where vorige_van is null
    union all
    select
        gemeentecode,
        persoon,
        geboortedatum,
        'vertrokken' as toestand,
        greatest(van, tot) as van,
        least(coalesce(volgende_van, {{ laatste_dag }}), overlijden) as tot
    from woonde
    union all
    select
        gemeentecode,
        persoon,
        geboortedatum,
        'overleden' as toestand,
        overlijden as van,
        {{ laatste_dag }} as tot
    from woonde
    where vorige_van is null
),

final as (
    select
        woonde.gemeentecode,
        woonde.persoon,
        jaren.indelingsjaar,
        woonde.van,
        woonde.tot,
        'woont' as toestand,
        woonde.geboortedatum,
        woonde.huishouden,
        woonde.adres,
        woonde.straatnaam,
        coalesce(adressen.wijkcode, {{ onbekende_wijk('woonde.gemeentecode') }}) as wijkcode,
        coalesce(adressen.buurtcode, {{ onbekende_buurt('woonde.gemeentecode') }}) as buurtcode
    from woonde
    inner join jaren on woonde.gemeentecode = jaren.gemeentecode
    left join adressen
        on
            woonde.gemeentecode = adressen.gemeentecode
            and jaren.indelingsjaar = adressen.indelingsjaar
            and woonde.postcode = adressen.postcode
            and woonde.huisnummer = adressen.huisnummer
    where woonde.van < woonde.tot
    union all
    select
        woonde_niet.gemeentecode,
        woonde_niet.persoon,
        jaren.indelingsjaar,
        woonde_niet.van,
        woonde_niet.tot,
        woonde_niet.toestand,
        woonde_niet.geboortedatum,
        -- A person who lives nowhere is a household and an address of one.
        woonde_niet.persoon as huishouden,
        woonde_niet.persoon as adres,
        cast(null as {{ dbt.type_string() }}) as straatnaam,
        {{ onbekende_wijk('woonde_niet.gemeentecode') }} as wijkcode,
        {{ onbekende_buurt('woonde_niet.gemeentecode') }} as buurtcode
    from woonde_niet
    inner join jaren on woonde_niet.gemeentecode = jaren.gemeentecode
    where woonde_niet.van < woonde_niet.tot
)

select * from final
