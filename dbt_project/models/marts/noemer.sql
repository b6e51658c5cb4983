-- One row per area (streets too), month-end, age group and denominator: by what figures are divided, from the BRP. Of a
-- street residents only. A month of which the BRP does not yet tell has none.
with

per_buurt as (
    select * from {{ ref('noemer_buurt') }}
),

bevolking as (
    select * from {{ ref('bevolking') }}
),

maanden as (
    select * from {{ ref('brp_maand') }}
),

straatnamen as (
    select * from {{ ref('straatnaam') }}
),

-- All denominators have the total, residents have the other age groups too.
soorten as (
    select
        noemers.noemer,
        leeftijdsgroepen.leeftijdsgroep
    from {{ noemers(noemers_van_inwoners() + ['huishoudens']) }}
    inner join {{ leeftijdsgroepen() }}
        on
            leeftijdsgroepen.leeftijdsgroep = 'totaal'
            or (noemers.noemer = 'inwoners' and leeftijdsgroepen.leeftijdsgroep <> 'onbekend')
),

per_gebied as (
    select
        per_buurt.gemeentecode,
        per_buurt.peildatum,
        {{ gebied_op_niveau('per_buurt') }} as gebiedscode,
        soorten.leeftijdsgroep,
        soorten.noemer,
        per_buurt.aantal
    from per_buurt
    inner join soorten
        on per_buurt.noemer = soorten.noemer and soorten.leeftijdsgroep in (per_buurt.leeftijdsgroep, 'totaal')
    cross join {{ niveaus() }}
    union all
    select
        bevolking.gemeentecode,
        bevolking.peildatum,
        straatnamen.straatcode as gebiedscode,
        'totaal' as leeftijdsgroep,
        'inwoners' as noemer,
        bevolking.inwoners as aantal
    from bevolking
    inner join straatnamen
        on
            bevolking.gemeentecode = straatnamen.gemeentecode
            and bevolking.indelingsjaar = straatnamen.indelingsjaar
            and bevolking.buurtcode = straatnamen.buurtcode
            and bevolking.straatnaam = straatnamen.straatnaam
),

opgeteld as (
    select
        gemeentecode,
        gebiedscode,
        peildatum,
        leeftijdsgroep,
        noemer,
        cast(sum(aantal) as bigint) as aantal
    from per_gebied
    group by gemeentecode, gebiedscode, peildatum, leeftijdsgroep, noemer
),

gebieden as (
    select
        gemeentecode,
        indelingsjaar,
        gebiedsniveau,
        gebiedscode
    from {{ ref('gebied') }}
    union all
    select
        gemeentecode,
        indelingsjaar,
        gebiedsniveau,
        gebiedscode
    from {{ ref('straat') }}
),

-- An area where nobody lives has 0, not a missing figure.
final as (
    select
        maanden.gemeentecode,
        gebieden.gebiedsniveau,
        gebieden.gebiedscode,
        maanden.peildatum,
        soorten.leeftijdsgroep,
        soorten.noemer,
        coalesce(opgeteld.aantal, 0) as aantal
    from maanden
    inner join gebieden
        on
            maanden.gemeentecode = gebieden.gemeentecode
            and maanden.indelingsjaar = gebieden.indelingsjaar
    inner join soorten
        on
            gebieden.gebiedsniveau <> 'straat'
            or (soorten.noemer = 'inwoners' and soorten.leeftijdsgroep = 'totaal')
    left join opgeteld
        on
            maanden.gemeentecode = opgeteld.gemeentecode
            and gebieden.gebiedscode = opgeteld.gebiedscode
            and maanden.peildatum = opgeteld.peildatum
            and soorten.leeftijdsgroep = opgeteld.leeftijdsgroep
            and soorten.noemer = opgeteld.noemer
)

select * from final
