-- One row per area (streets too), month-end, age group and indicator of the persons and households of all regelingen
-- that count together: whether there is a figure.
with

rooster as (
    select * from {{ ref('rooster_unie') }}
),

indicatoren as (
    select * from {{ ref('indicatoren') }}
    where alleen_regeling is null
),

verhoudingen as (
    select * from {{ ref('verhouding') }}
    where regeling = 'unie'
),

final as (
    select
        'totaal' as regeling,
        rooster.gemeentecode,
        rooster.gebiedsniveau,
        rooster.gebiedscode,
        rooster.gebiedsnaam,
        rooster.indelingsjaar,
        rooster.peildatum,
        leeftijdsgroepen.leeftijdsgroep,
        indicatoren.indicator,
        indicatoren.soort,
        indicatoren.eenheid,
        rooster.status,
        verhoudingen.noemer
    from rooster
    cross join verhoudingen
    inner join indicatoren on verhoudingen.indicator = indicatoren.indicator
    inner join {{ leeftijdsgroepen() }}
        on leeftijdsgroepen.leeftijdsgroep = 'totaal' or indicatoren.per_leeftijd = 'ja'
    where
        rooster.gebiedsniveau <> 'straat'
        or (leeftijdsgroepen.leeftijdsgroep = 'totaal' and indicatoren.indicator = 'clienten')
)

select * from final
