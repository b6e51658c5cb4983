-- One row per gemeente, month-end, regeling and kind of help (soort).
-- The kinds that a regeling has, with the line of each on that day; a gemeente may say another line (seed lijnen).
with

soorten as (
    select * from {{ ref('soorten') }}
),

lijnen as (
    select * from {{ ref('lijnen') }}
),

peilmaanden as (
    select * from {{ ref('peilmaand') }}
),

dekking as (
    select * from {{ ref('dekking') }}
),

per_soort as (
    select
        peilmaanden.gemeentecode,
        peilmaanden.peildatum,
        soorten.regeling,
        soorten.soort,
        soorten.naam,
        max(case when {{ geldig_op('soorten', 'peilmaanden.peildatum') }} then soorten.lijn end) as lijn,
        -- Of two routes the one that tells of the month may have no code for a kind.
        max(case when coalesce(soorten.route, dekking.semantiek) <> dekking.semantiek then 0 else 1 end) = 1 as gemeten
    from soorten
    inner join peilmaanden on peilmaanden.gemeentecode = coalesce(soorten.gemeentecode, peilmaanden.gemeentecode)
    left join dekking
        on
            soorten.regeling = dekking.regeling
            and peilmaanden.gemeentecode = dekking.gemeentecode
            and peilmaanden.peildatum = dekking.peildatum
    group by
        peilmaanden.gemeentecode, peilmaanden.peildatum, soorten.regeling, soorten.soort, soorten.naam
),

final as (
    select
        per_soort.gemeentecode,
        per_soort.peildatum,
        per_soort.regeling,
        per_soort.soort,
        per_soort.naam,
        case when lijnen.soort is null then per_soort.lijn else lijnen.lijn end as lijn,
        per_soort.gemeten
    from per_soort
    left join lijnen
        on
            per_soort.gemeentecode = lijnen.gemeentecode
            and per_soort.regeling = lijnen.regeling
            and per_soort.soort = lijnen.soort
            and {{ geldig_op('lijnen', 'per_soort.peildatum') }}
)

select * from final
