-- One row per regeling and indicator.
-- Which figures have a rate, by regeling and indicator, and what they are divided by: the one place that says it. The
-- seed regelingen.csv decides (verhouding, noemer), never the data; everything else looks it up here.
with

regelingen as (
    select
        regeling,
        telwijze,
        noemer,
        verhouding,
        geen_verhouding
    from {{ ref('regelingen') }}
    union all
    -- All tables over regelingen that count together: they have no line in the seed, as they are no law.
    select
        'unie' as regeling,
        'unie' as telwijze,
        'inwoners' as noemer,
        'personen huishoudens' as verhouding,
        null as geen_verhouding
    union all
    select
        'soorten' as regeling,
        'soorten' as telwijze,
        null as noemer,
        null as verhouding,
        'Deel door de noemer van clienten in de tabel van de regeling' as geen_verhouding
),

indicatoren as (
    select * from {{ ref('indicatoren') }}
),

-- Like on like: persons by persons, households by households, and nothing else by anything.
genoemd as (
    select
        regelingen.regeling,
        indicatoren.indicator,
        indicatoren.eenheid,
        case
            when concat(' ', coalesce(regelingen.verhouding, ''), ' ') like concat('% ', indicatoren.eenheid, ' %')
                then case when indicatoren.eenheid = 'huishoudens' then 'huishoudens' else regelingen.noemer end
        end as noemer,
        case
            when indicatoren.eenheid in ('personen', 'huishoudens') then regelingen.geen_verhouding
            else concat('Telt ', indicatoren.eenheid, ', geen personen of huishoudens')
        end as reden
    from regelingen
    inner join indicatoren
        on
            concat(' ', indicatoren.telwijzen, ' ') like concat('% ', regelingen.telwijze, ' %')
            -- An indicator of one table over regelingen has the rate of all of them.
            and (
                regelingen.regeling = 'unie'
                or coalesce(indicatoren.alleen_regeling, regelingen.regeling) = regelingen.regeling
            )
),

final as (
    select
        regeling,
        indicator,
        eenheid,
        noemer,
        case when noemer is null then reden end as geen_verhouding
    from genoemd
)

select * from final
