-- One row per gemeente or wijk, month-end and indicator: how many households there are with provisions of one, two or
-- more of the regelingen that count together; those at an institution apart.
with

huishoudens as (
    select * from {{ ref('huishouden_unie') }}
),

rooster as (
    select * from {{ ref('rooster_unie') }}
    where gebiedsniveau in ('gemeente', 'wijk')
),

indicatoren as (
    select * from {{ ref('indicatoren') }}
    where alleen_regeling = 'stapeling'
),

noemers as (
    select * from {{ ref('noemer') }}
    where noemer = 'huishoudens' and leeftijdsgroep = 'totaal'
),

-- Who lives at one address with more than ten households leans on nothing together with the others there.
ingedeeld as (
    select
        *,
        case
            when instelling then 'huishoudens_instelling'
            when regelingen >= 3 then 'huishoudens_3plus'
            when regelingen = 2 then 'huishoudens_2'
            else 'huishoudens_1'
        end as indicator
    from huishoudens
),

geteld as (
    select
        ingedeeld.gemeentecode,
        ingedeeld.peildatum,
        ingedeeld.indicator,
        {{ gebied_op_niveau('ingedeeld') }} as gebiedscode,
        count(*) as aantal
    from ingedeeld
    cross join {{ niveaus() }}
    where niveaus.gebiedsniveau <> 'buurt'
    group by ingedeeld.gemeentecode, ingedeeld.peildatum, ingedeeld.indicator, gebiedscode
),

final as (
    select
        rooster.gemeentecode,
        rooster.gebiedsniveau,
        rooster.gebiedscode,
        rooster.gebiedsnaam,
        rooster.indelingsjaar,
        rooster.peildatum,
        'totaal' as leeftijdsgroep,
        indicatoren.indicator,
        indicatoren.eenheid,
        rooster.status,
        case when rooster.status = 'geleverd' then coalesce(geteld.aantal, 0) end as aantal,
        case when rooster.gebiedscode not like '%onbekend' then noemers.aantal end as noemer,
        case when rooster.status = 'geleverd' then coalesce(geteld.aantal, 0) end as huishoudens,
        cast(null as bigint) as grootste_adres
    from rooster
    cross join indicatoren
    left join geteld
        on
            rooster.gemeentecode = geteld.gemeentecode
            and rooster.gebiedscode = geteld.gebiedscode
            and rooster.peildatum = geteld.peildatum
            and indicatoren.indicator = geteld.indicator
    left join noemers
        on
            rooster.gemeentecode = noemers.gemeentecode
            and rooster.gebiedscode = noemers.gebiedscode
            and rooster.peildatum = noemers.peildatum
)

select * from final
