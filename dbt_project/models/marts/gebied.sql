-- One row per area and indelingsjaar.
-- Every area of every year that the monitor uses, `onbekend` included; becomes dim_gebied.
with

adressen as (
    select * from {{ ref('stg_gebieden_adressen') }}
),

namen as (
    select * from {{ ref('stg_gebieden_namen') }}
),

peilmaanden as (
    select * from {{ ref('peilmaand') }}
),

jaren as (
    select distinct
        gemeentecode,
        indelingsjaar
    from adressen
    union
    select distinct
        gemeentecode,
        indelingsjaar
    from peilmaanden
),

gebieden as (
    select
        gemeentecode,
        indelingsjaar,
        'gemeente' as gebiedsniveau,
        gemeentecode as gebiedscode,
        cast(null as {{ dbt.type_string() }}) as ouder_code
    from jaren
    union all
    select distinct
        gemeentecode,
        indelingsjaar,
        'wijk' as gebiedsniveau,
        wijkcode as gebiedscode,
        gemeentecode as ouder_code
    from adressen
    union all
    select distinct
        gemeentecode,
        indelingsjaar,
        'buurt' as gebiedsniveau,
        buurtcode as gebiedscode,
        wijkcode as ouder_code
    from adressen
    union all
    select
        gemeentecode,
        indelingsjaar,
        'wijk' as gebiedsniveau,
        concat('WK', substr(gemeentecode, 3), 'onbekend') as gebiedscode,
        gemeentecode as ouder_code
    from jaren
    union all
    select
        gemeentecode,
        indelingsjaar,
        'buurt' as gebiedsniveau,
        concat('BU', substr(gemeentecode, 3), 'onbekend') as gebiedscode,
        concat('WK', substr(gemeentecode, 3), 'onbekend') as ouder_code
    from jaren
),

final as (
    select
        gebieden.gemeentecode,
        gebieden.gebiedsniveau,
        gebieden.gebiedscode,
        case
            when gebieden.gebiedscode like '%onbekend' then 'Onbekend'
            else coalesce(namen.naam, gebieden.gebiedscode)
        end as gebiedsnaam,
        gebieden.indelingsjaar,
        gebieden.ouder_code
    from gebieden
    left join namen
        on
            gebieden.gemeentecode = namen.gemeentecode
            and gebieden.indelingsjaar = namen.indelingsjaar
            and gebieden.gebiedscode = namen.code
)

select * from final
