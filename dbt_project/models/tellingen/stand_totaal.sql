-- One row per area (streets too), month-end, age group and indicator: unique persons and households over the regelingen
-- that count together.
with

personen as (
    select * from {{ ref('actief_totaal') }}
),

-- Each person counts in its own age group as well as in the total. A street has only the total.
per_leeftijd as (
    select
        *,
        leeftijdsgroep as groep,
        cast(null as {{ dbt.type_string() }}) as straat
    from personen
    union all
    select
        *,
        'totaal' as groep,
        straatcode as straat
    from personen
),

-- A household has one address, and an address lies in one street: so counts by address add up to areas.
per_adres as (
    select
        gemeentecode,
        wijkcode,
        buurtcode,
        straat,
        peildatum,
        groep as leeftijdsgroep,
        adres,
        count(*) as clienten,
        count(distinct huishouden) as huishoudens
    from per_leeftijd
    group by gemeentecode, wijkcode, buurtcode, straat, peildatum, groep, adres
),

per_niveau as (
    select
        per_adres.*,
        niveaus.gebiedsniveau,
        {{ gebied_op_niveau('per_adres') }} as gebiedscode
    from per_adres
    cross join {{ niveaus() }}
    union all
    select
        *,
        'straat' as gebiedsniveau,
        straat as gebiedscode
    from per_adres
    where straat is not null
),

-- Protection needs to know how many of the persons behind a count live at one address, such as an institution.
opgeteld as (
    select
        gemeentecode,
        gebiedsniveau,
        gebiedscode,
        peildatum,
        leeftijdsgroep,
        cast(sum(clienten) as bigint) as clienten,
        cast(sum(huishoudens) as bigint) as huishoudens,
        max(clienten) as grootste_adres
    from per_niveau
    group by gemeentecode, gebiedsniveau, gebiedscode, peildatum, leeftijdsgroep
),

final as (
    select
        gemeentecode,
        gebiedsniveau,
        gebiedscode,
        peildatum,
        leeftijdsgroep,
        'clienten' as indicator,
        clienten as aantal,
        huishoudens,
        grootste_adres
    from opgeteld
    union all
    select
        gemeentecode,
        gebiedsniveau,
        gebiedscode,
        peildatum,
        leeftijdsgroep,
        'huishoudens' as indicator,
        huishoudens as aantal,
        huishoudens,
        cast(null as bigint) as grootste_adres
    from opgeteld
    where gebiedsniveau <> 'straat'
)

select * from final
