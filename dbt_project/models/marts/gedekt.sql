-- One row per regeling, gemeente and month-end that has figures: the month is covered, and of a regeling that counts
-- through a school year so is every month of it before.
with

dekking as (
    select * from {{ ref('dekking') }}
),

regelingen as (
    select * from {{ ref('regelingen') }}
),

-- The months of a school year each tell what changed in them. October is the first, September the twelfth.
in_schooljaar as (
    select
        regeling,
        gemeentecode,
        peildatum,
        count(*) over (
            partition by regeling, gemeentecode, {{ school_year('peildatum', 10) }}
            order by peildatum
            rows between unbounded preceding and current row
        ) as maanden_gedekt,
        (month(peildatum) + 2) % 12 + 1 as maanden_nodig
    from dekking
),

final as (
    select
        in_schooljaar.regeling,
        in_schooljaar.gemeentecode,
        in_schooljaar.peildatum
    from in_schooljaar
    inner join regelingen on in_schooljaar.regeling = regelingen.regeling
    where
        regelingen.telwijze <> 'schooljaar_cumulatief'
        or in_schooljaar.maanden_gedekt = in_schooljaar.maanden_nodig
)

select * from final
