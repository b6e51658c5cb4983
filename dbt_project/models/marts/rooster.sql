-- One row per regeling, area, month-end, age group and indicator that has a figure or a reason why not, whether there
-- is anything to count or not. Depends on deliveries, laws and areas only, never on counts.
-- A regeling that is not linked has no BRP: its persons or contacts lie in the wijk of their PC4.
{{ config(materialized='view') }}
with

maanden as (
    select * from {{ ref('rooster_maand') }}
),

gebieden as (
    select * from {{ ref('gebied') }}
),

regelingen as (
    select
        *,
        koppelbaar = 'nee' and telwijze in ('periode', 'gebeurtenis') as op_postcode
    from {{ ref('regelingen') }}
),

indicatoren as (
    select * from {{ ref('indicatoren') }}
),

verhoudingen as (
    select * from {{ ref('verhouding') }}
),

herkenbaar as (
    select * from {{ ref('herkenbare_wijk') }}
),

-- What an area can tell of persons known by PC4 only.
gebieden_op_postcode as (
    select
        gebieden.*,
        gebieden.gebiedsniveau = 'wijk' and gebieden.gebiedscode not like '%onbekend' as is_wijk,
        herkenbaar.wijkcode is not null as herkenbaar,
        coalesce(herkenbaar.heel, false) as heel
    from gebieden
    left join herkenbaar
        on
            gebieden.gemeentecode = herkenbaar.gemeentecode
            and gebieden.indelingsjaar = herkenbaar.indelingsjaar
            and gebieden.gebiedscode = herkenbaar.wijkcode
),

final as (
    select
        maanden.regeling,
        maanden.gemeentecode,
        gebieden.gebiedsniveau,
        gebieden.gebiedscode,
        gebieden.gebiedsnaam,
        maanden.indelingsjaar,
        maanden.peildatum,
        leeftijdsgroepen.leeftijdsgroep,
        maanden.indicator,
        indicatoren.soort,
        indicatoren.eenheid,
        case
            when maanden.status = 'nvt' then 'nvt'
            -- A law that is for nobody of that age has no zero there.
            when leeftijdsgroepen.van > regelingen.leeftijd_tot then 'nvt'
            when leeftijdsgroepen.tot < regelingen.leeftijd_van then 'nvt'
            -- Age, household, death and moves are those of the BRP.
            when regelingen.op_postcode and (
                leeftijdsgroepen.leeftijdsgroep <> 'totaal'
                or indicatoren.eenheid = 'huishoudens'
                or indicatoren.soort in ('signaal', 'verhuizing')
            ) then 'nvt'
            -- Nobody can be placed in a wijk that has no PC4 of its own: 0 would be untrue.
            when regelingen.op_postcode and gebieden.is_wijk and not gebieden.herkenbaar then 'nvt'
            when indicatoren.soort = 'verhuizing' and gebieden.gebiedsniveau = 'gemeente' then 'nvt'
            else maanden.status
        end as status,
        -- A wijk that shares a PC4 with another does not count everyone: a rate would be too low.
        case
            when not (regelingen.op_postcode and gebieden.is_wijk and not gebieden.heel) then verhoudingen.noemer
        end as noemer
    from maanden
    inner join regelingen on maanden.regeling = regelingen.regeling
    inner join indicatoren on maanden.indicator = indicatoren.indicator
    inner join verhoudingen on maanden.regeling = verhoudingen.regeling and maanden.indicator = verhoudingen.indicator
    inner join gebieden_op_postcode as gebieden
        on
            maanden.gemeentecode = gebieden.gemeentecode
            and maanden.indelingsjaar = gebieden.indelingsjaar
            and (
                gebieden.gebiedsniveau = 'gemeente'
                or (
                    regelingen.laagste_niveau in (gebieden.gebiedsniveau, 'buurt')
                    and indicatoren.laagste_niveau in (gebieden.gebiedsniveau, 'buurt')
                )
            )
    inner join {{ leeftijdsgroepen() }}
        on leeftijdsgroepen.leeftijdsgroep = 'totaal' or indicatoren.per_leeftijd = 'ja'
)

select * from final
