-- One row per regeling, gemeente, month-end and delivery that its figures came from.
-- The deliveries that the figures of a month came from: those of the registration itself, the BRP and the areas; for
-- every table over regelingen that count together (`unie`) those of each regeling in the set.
with

regelingen as (
    select * from {{ ref('regelingen') }}
),

dekking as (
    select * from {{ ref('dekking') }}
),

leveringen as (
    select * from {{ ref('stg_leveringen') }}
    where geldt
),

unie as (
    select * from {{ ref('unie') }}
),

sets as (
    select
        gemeentecode,
        peildatum,
        {{ dbt.listagg('regeling', "', '", 'order by regeling') }} as unieset
    from unie
    group by gemeentecode, peildatum
    having min(case when gedekt then 1 else 0 end) = 1
),

per_regeling as (
    select distinct
        dekking.regeling,
        dekking.gemeentecode,
        dekking.peildatum,
        leveringen.bron,
        leveringen.leverancier,
        leveringen.levering,
        leveringen.levermaand,
        leveringen.contractversie
    from dekking
    inner join regelingen on dekking.regeling = regelingen.regeling
    inner join leveringen
        on
            dekking.gemeentecode = leveringen.gemeentecode
            and (
                leveringen.bron in ('brp', 'gebieden')
                or (
                    regelingen.bron = leveringen.bron
                    and dekking.semantiek = leveringen.semantiek
                    -- Only the route that counts that month. A stock is of its own period; messages of any delivery may
                    -- tell of any month.
                    and (
                        leveringen.semantiek <> 'stand'
                        or (dekking.peildatum >= leveringen.dekt_van and dekking.peildatum <= leveringen.dekt_tot)
                    )
                )
            )
),

final as (
    select
        regeling,
        gemeentecode,
        peildatum,
        bron,
        leverancier,
        levering,
        levermaand,
        contractversie,
        cast(null as {{ dbt.type_string() }}) as unieset
    from per_regeling
    union all
    select distinct
        'unie' as regeling,
        per_regeling.gemeentecode,
        per_regeling.peildatum,
        per_regeling.bron,
        per_regeling.leverancier,
        per_regeling.levering,
        per_regeling.levermaand,
        per_regeling.contractversie,
        sets.unieset
    from per_regeling
    inner join unie
        on
            per_regeling.gemeentecode = unie.gemeentecode
            and per_regeling.peildatum = unie.peildatum
            and per_regeling.regeling = unie.regeling
    inner join sets
        on per_regeling.gemeentecode = sets.gemeentecode and per_regeling.peildatum = sets.peildatum
)

select * from final
