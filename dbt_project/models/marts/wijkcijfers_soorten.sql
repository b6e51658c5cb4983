-- One row per gemeente or wijk, month-end, regeling and kind of help: the clients who have it; who has two kinds counts
-- in both. Of a regeling that is not linked only the gemeente is known.
with

actief as (
    select * from {{ ref('actief') }}
    where telt and soort is not null
),

soorten as (
    select * from {{ ref('soort') }}
),

maanden as (
    select * from {{ ref('rooster_maand') }}
    where indicator = 'clienten'
),

regelingen as (
    select * from {{ ref('regelingen') }}
    where telwijze = 'periode'
),

gebieden as (
    select * from {{ ref('gebied') }}
    where gebiedsniveau in ('gemeente', 'wijk')
),

indicatoren as (
    select * from {{ ref('indicatoren') }}
),

per_adres as (
    select
        gemeentecode,
        peildatum,
        regeling,
        soort,
        wijkcode,
        buurtcode,
        adres,
        count(distinct persoon) as clienten,
        count(distinct huishouden) as huishoudens
    from actief
    group by gemeentecode, peildatum, regeling, soort, wijkcode, buurtcode, adres
),

per_niveau as (
    select
        per_adres.*,
        {{ gebied_op_niveau('per_adres') }} as gebiedscode
    from per_adres
    cross join {{ niveaus() }}
    where niveaus.gebiedsniveau <> 'buurt'
),

-- Protection needs to know how many of the persons behind a count live at one address, such as an institution.
opgeteld as (
    select
        gemeentecode,
        peildatum,
        regeling,
        soort,
        gebiedscode,
        cast(sum(clienten) as bigint) as clienten,
        cast(sum(huishoudens) as bigint) as huishoudens,
        max(clienten) as grootste_adres
    from per_niveau
    group by gemeentecode, peildatum, regeling, soort, gebiedscode
),

cellen as (
    select
        maanden.*,
        gebieden.gebiedsniveau,
        gebieden.gebiedscode,
        gebieden.gebiedsnaam,
        soorten.soort,
        -- Of two routes the one that tells of the month may not know the kind.
        case when maanden.status = 'geleverd' and not soorten.gemeten then 'nvt' else maanden.status end as status_soort
    from maanden
    inner join regelingen on maanden.regeling = regelingen.regeling
    inner join soorten
        on
            maanden.regeling = soorten.regeling
            and maanden.gemeentecode = soorten.gemeentecode
            and maanden.peildatum = soorten.peildatum
    inner join gebieden
        on
            maanden.gemeentecode = gebieden.gemeentecode
            and maanden.indelingsjaar = gebieden.indelingsjaar
            and (gebieden.gebiedsniveau = 'gemeente' or regelingen.koppelbaar = 'ja')
),

final as (
    select
        cellen.gemeentecode,
        cellen.gebiedsniveau,
        cellen.gebiedscode,
        cellen.gebiedsnaam,
        cellen.indelingsjaar,
        cellen.peildatum,
        'totaal' as leeftijdsgroep,
        cellen.regeling,
        cellen.soort,
        cellen.indicator,
        indicatoren.eenheid,
        cellen.status_soort as status,
        case when cellen.status_soort = 'geleverd' then coalesce(opgeteld.clienten, 0) end as aantal,
        cast(null as bigint) as noemer,
        case when cellen.status_soort = 'geleverd' then opgeteld.huishoudens end as huishoudens,
        case when cellen.status_soort = 'geleverd' then opgeteld.grootste_adres end as grootste_adres
    from cellen
    inner join indicatoren on cellen.indicator = indicatoren.indicator
    left join opgeteld
        on
            cellen.gemeentecode = opgeteld.gemeentecode
            and cellen.gebiedscode = opgeteld.gebiedscode
            and cellen.peildatum = opgeteld.peildatum
            and cellen.regeling = opgeteld.regeling
            and cellen.soort = opgeteld.soort
)

select * from final
